// Launches shaders/resident.wgsl.

import shader from '../../shaders/resident.wgsl';
import type { AdapterTraits, Variant } from './kernel';
import { distinct, QUAD_TILES, type Tile, tileConstants, tileName, TILES } from './tiles';

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
  runStruct: shader.structs.Run,
  layerStruct: shader.structs.Layer,
  /** The choices on such an adapter, the default first. */
  variants({ software, quads }: AdapterTraits): readonly Variant[] {
    const [small, , , large] = TILES;
    if (!software) {
      const shared = quads ? [variantOf(QUAD_TILES[1]!, 128)] : [];
      return [...GPU_THREADS.map((threads) => variantOf(small!, threads)), ...shared];
    }
    const tiles = quads ? [QUAD_TILES[4]!, QUAD_TILES[3]!] : [large!];
    return distinct(SOFTWARE_THREADS.flatMap((threads) => tiles.map((tile) => variantOf(tile, threads))));
  },
} as const;
