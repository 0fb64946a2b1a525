// The page's entry: shows the page and starts the tutorial's training at once.

import { render } from 'preact';
import { Page } from './page';
import { TrainingRun } from './run';

const root = document.querySelector('#app');
if (root) {
  const run = new TrainingRun();
  render(<Page run={run} />, root);
  run.start(0);
}
