// Launches shaders/resident.wgsl.

import shader from '../../shaders/resident.wgsl';
import type { AdapterTraits, Variant } from './kernel';
import { distinct, type Tile, tileConstants, tileName } from './tiles';

const variantOf = (tile: Tile, threads: number): Variant => ({
  name: `resident, ${threads} threads, ${tileName(tile)}`,
  constants: { ...tileConstants(tile), THREADS: threads },
});

/** Threads of a workgroup; a software adapter runs four at once and pays for every wait of more. */
const GPU_THREADS = [128, 256, 64] as const;
const SOFTWARE_THREADS = [4, 8] as const;

/** Whole training steps, many a dispatch, one workgroup a network. */
export const resident = {
  shader,
  mostLayers: shader.constants.MOST_LAYERS,
  /** Stands for several activations. */
  mixed: shader.constants.MIXED,
  runStruct: shader.structs.Run,
  layerStruct: shader.structs.Layer,
  /** The choices on such an adapter, the default first. */
  variants({ software, quads }: AdapterTraits): readonly Variant[] {
    if (!software) {
      const shared = quads ? [variantOf({ rows: 4, columns: 1, quad: true }, 128)] : [];
      const single = { rows: 1, columns: 1, quad: false };
      return [...GPU_THREADS.map((threads) => variantOf(single, threads)), ...shared];
    }
    const tiles: readonly Tile[] = quads
      ? [
          { rows: 4, columns: 1, quad: true },
          { rows: 4, columns: 2, quad: true },
        ]
      : [{ rows: 2, columns: 2, quad: false }];
    return distinct(SOFTWARE_THREADS.flatMap((threads) => tiles.map((tile) => variantOf(tile, threads))));
  },
} as const;
