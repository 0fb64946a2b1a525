// The numbers of the tutorial's experiment: B. Himmetoglu, "Yet another introduction to Neural Networks" (2017).

/** 64 pixels, hidden layers of 48 and 32, ten digits. */
export const TUTORIAL_SIZES: readonly number[] = [64, 48, 32, 10];

/** Learning rate α and momentum μ of every run. */
export const TUTORIAL_LEARNING_RATE = 0.2;
export const TUTORIAL_MOMENTUM = 0.9;

/** Full-batch epochs of every run. */
export const TUTORIAL_EPOCHS = 1000;

/** The λ that the tutorial chose by validation accuracy, as printed there: the fifth of the grid. */
export const TUTORIAL_L2 = 0.599484;

/** The ten λ that it tried: numpy.logspace(-2, 2, 10). */
export const TUTORIAL_L2_GRID: readonly number[] = Array.from({ length: 10 }, (_, i) => 10 ** (-2 + (4 * i) / 9));
