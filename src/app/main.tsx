// The page's entry: reads the link, shows the page, and starts training at once.

import { render } from 'preact';
import { keepAddress } from './address';
import { Lab } from './lab';
import { registerOffline } from './offline/register';
import { Page } from './page';
import { startTheme } from './theme';

const root = document.querySelector('#app');
if (root) {
  startTheme();
  const lab = new Lab(location.search);
  render(<Page lab={lab} />, root);
  lab.restart();
  keepAddress(lab.form);
  registerOffline();
}
