// The worker's entry: training happens here, so that the page never waits for it and a hidden tab goes on.

import type { FromWorker, ToWorker } from './protocol';
import { Session } from './session';

const session = new Session((message: FromWorker) => postMessage(message));

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => session.receive(data));
