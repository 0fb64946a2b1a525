// The library's public face.

export { UnderglassError, type ErrorCode } from './base/errors';
export { RandomState, type RandomStreamState } from './base/random';
export type { Histogram } from './base/histogram';
export { type Dataset, takeRows, validateDataset } from './data/dataset';
export { parseDigits, tutorialSplit } from './data/digits';
export { digitFromStrokes, type Point, type Stroke } from './data/drawing';
export { type FeatureNotice, featureNotices } from './data/feature-notices';
export { type NpyArray, type NpyData, parseNpy } from './data/npy';
export { type Split, type SplitOptions, trainTestSplit } from './data/split';
export { Device, type DeviceInfo } from './gpu/device';
export { type Activation, type ActivationRule, ACTIVATIONS, activations } from './nn/activations';
export type { BatchSize } from './nn/batches';
export { type InitialiserName, type InitialiserRule, initialisers } from './nn/initialisers';
export {
  denseNetwork,
  initialParameters,
  type Layer,
  type LayerParameters,
  type Network,
  networkSizes,
  parameterCount,
} from './nn/network';
export { type Optimiser, type OptimiserOptions, optimiser } from './nn/optimiser';
export { type Schedule, type ScheduleOptions } from './nn/schedule';
export { type ScheduleName, type ScheduleRule, schedules } from './nn/schedules';
export { type OptimiserName, type OptimiserRule, optimisers } from './nn/optimisers';
export * from './nn/tutorial';
export type { Accounting } from './profile/accounting';
export type { Bounds } from './profile/ceiling-bounds';
export { type Ceilings, type CeilingsOptions, type CeilingsStore, measureCeilings } from './profile/ceilings';
export { ceilingFacts } from './profile/ceilings-words';
export { type Clock, describeClock } from './profile/clock';
export { compare, type ComparedWork, type Comparison, settingsChanged } from './profile/comparison';
export { type DevtoolsEntry, devtoolsEntries, emitDevtoolsEntries } from './profile/devtools';
export { describeEstimate, type Estimate, type Ranged, rangeOf } from './profile/estimate';
export { describeLift, type Lift, type LiftedCeilings, liftedCeilings } from './profile/lifted-ceilings';
export { type OperationRow, operationRows } from './profile/operation-rows';
export type { PhaseLock } from './profile/phase-lock';
export type { ProfilerOptions } from './profile/profiler';
export {
  readRecording,
  type RecordedOperation,
  type Recording,
  type TimelinePass,
  type TimelineSubmit,
  writeRecording,
} from './profile/recording';
export { describeShare, type Limit, ridge, type RooflinePoint, rooflinePoint } from './profile/roofline';
export { csvOf, markdownOf } from './profile/tables';
export { inProduction } from './profile/tax';
export { type TraceEvent, type TraceFile, traceOf } from './profile/trace';
export type { OperationCost } from './program/operation-cost';
export type { OperationKind, Phase } from './program/program';
export type { CandidateTime, TunedOperation, TuningOptions } from './schedule/tuner';
export type { TuningStore } from './schedule/tuning-memory';
export type { Divergence } from './train/divergence';
export type { Judgement } from './train/decisions';
export type { StoppingOptions } from './train/stopping';
export type { Evaluation, Score, Splits } from './train/evaluation';
export {
  gradientCheck,
  type GradientCheckOptions,
  type GradientCheckReport,
  type TensorCheck,
} from './train/gradient-check';
export {
  confusionMatrix,
  type FirstLayer,
  firstLayer,
  layerSpreads,
  type LayerSpread,
  predict,
  type Predictions,
  readImage,
  type Reading,
  worstMistakes,
} from './train/inspection';
export type { HistoryEntry, ProgramName } from './train/report';
export type { MemberState, TrainingState } from './train/state';
export type { Timing } from './train/timings';
export type { RunLength, RunOptions } from './train/group-options';
export type { RecordingOptions } from './train/recorded';
export { type EpochReport, Trainer, type TrainerOptions } from './train/trainer';
export { rank, type RankedConfiguration, type Spread } from './train/ranking';
export {
  type Configuration,
  sweep,
  type SweepEntry,
  type SweepOptions,
  type SweepProgress,
  type SweepRefusal,
} from './train/sweep';
