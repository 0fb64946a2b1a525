#!/usr/bin/env node
// The command line as npm installs it: starts the built program.

import { existsSync } from 'node:fs';

const program = new URL('../dist/lib/cli.js', import.meta.url);

if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write('error: Underglass is not built yet; run npm run build:lib first.\n');
  process.exitCode = 1;
}
