// Every kernel, by the operation that it computes.

import type { OperationKind } from '../program/program';
import { activate } from './activate';
import { activateGradient } from './activate-gradient';
import { crossEntropy } from './cross-entropy';
import { gather } from './gather';
import { l2 } from './l2';
import { linear } from './linear';
import { linearBiasGradient } from './linear-bias-gradient';
import { linearInputGradient } from './linear-input-gradient';
import { linearWeightGradient } from './linear-weight-gradient';
import { meanLoss } from './mean-loss';
import { softmax } from './softmax';
import { softmaxGradient } from './softmax-gradient';
import { squareSum } from './square-sum';
import { update } from './update';
import { denseBackward } from './dense-backward';
import { denseForward } from './dense-forward';
import { denseLoss } from './dense-loss';
import { updateAll } from './update-all';
import type { Kernel } from './kernel';

export const kernels: Readonly<Record<OperationKind, Kernel>> = {
  gather,
  linear,
  activate,
  softmax,
  crossEntropy,
  meanLoss,
  squareSum,
  softmaxGradient,
  activateGradient,
  linearInputGradient,
  linearWeightGradient,
  linearBiasGradient,
  l2,
  update,
  denseForward,
  denseLoss,
  denseBackward,
  updateAll,
};
