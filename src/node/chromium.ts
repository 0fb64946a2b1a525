// A Chromium on this machine: an installed Chrome, Chromium or Edge, else the npm package @sparticuz/chromium.
//
// Two things are wanted of it: SwiftShader, the software Vulkan driver that lies beside the browser and gives Dawn an
// adapter where there is no GPU, and for the tests the browser itself.

import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { access, chmod, constants, open, readFile, realpath, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join, sep } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { cachedFolder } from './cache';

/** SwiftShader, the software Vulkan driver, with the Vulkan loader that comes with it. */
export interface SwiftShader {
  /** The driver's manifest, which names the library: what `VK_DRIVER_FILES` wants. */
  readonly manifest: string;
  /** The driver itself. */
  readonly library: string;
  /** A `libvulkan.so.1`. */
  readonly loader: string;
  /** Where it is from, for people: 'Chromium in /usr/lib/chromium'. */
  readonly origin: string;
}

/** A browser that can be started. */
export interface Chromium {
  readonly executable: string;
  /** Variables that it needs besides those of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it is from, for people: 'Chromium in /usr/bin'. */
  readonly origin: string;
}

/** A browser that may be there. */
export interface Candidate {
  readonly name: string;
  readonly executable: string;
}

/** The npm package's folder and version. */
export interface ChromiumPackage {
  readonly folder: string;
  readonly version: string;
}

/** Where to look. */
export interface Search {
  readonly candidates: readonly Candidate[];
  readonly package: ChromiumPackage | undefined;
}

/** Where browsers are on this machine: those on the `PATH` first, then the standard places, then the npm package. */
export async function everywhere(): Promise<Search> {
  return { candidates: standardPlaces(), package: await findPackage() };
}

/** SwiftShader on this Linux machine, if there is one; unpacks the npm package's into the user's cache. */
export async function findSwiftShader(search?: Search): Promise<SwiftShader | undefined> {
  const { candidates, package: npm } = search ?? (await everywhere());
  for (const { name, executable } of candidates) {
    const file = await realpath(executable).catch(() => undefined);
    if (file === undefined) continue;
    const found = swiftShaderIn(dirname(file), `${name} in ${dirname(file)}`);
    if (found) return found;
  }
  if (!npm) return undefined;
  const folder = await cachedFolder(`swiftshader-${npm.version}`, (target) => unpack(npm, 'swiftshader', target));
  return swiftShaderIn(folder, packageOrigin(npm));
}

/** A browser on this machine, if there is one; unpacks the npm package's into the user's cache (200 MB). */
export async function findChromium(search?: Search): Promise<Chromium | undefined> {
  const { candidates, package: npm } = search ?? (await everywhere());
  for (const { name, executable } of candidates) {
    if (!(await isExecutable(executable)) || (await isSnap(executable))) continue;
    // Elsewhere `--version` opens a window.
    if (process.platform === 'linux' && !(await starts(executable, {}))) continue;
    return { executable, env: {}, origin: `${name} in ${dirname(executable)}` };
  }
  if (!npm) return undefined;
  const folder = await cachedFolder(`chromium-${npm.version}`, (target) => unpackWhole(npm, target));
  const executable = join(folder, 'chromium');
  const fonts = fontVariables(folder);
  for (const libraries of [{}, libraryVariables(folder)]) {
    // From the locale C it makes the language en-US@posix, which no Intl function takes.
    const env = { ...fonts, ...libraries, LC_ALL: 'en_US.UTF-8' };
    if (await starts(executable, env)) return { executable, env, origin: packageOrigin(npm) };
  }
  return undefined;
}

const LINUX = [
  { name: 'Chrome', commands: ['google-chrome', 'google-chrome-stable'], files: ['/opt/google/chrome/chrome'] },
  {
    name: 'Chromium',
    commands: ['chromium', 'chromium-browser'],
    files: [
      '/usr/lib/chromium/chromium',
      '/usr/lib/chromium-browser/chromium-browser',
      '/usr/lib64/chromium-browser/chromium-browser',
    ],
  },
  { name: 'Edge', commands: ['microsoft-edge', 'microsoft-edge-stable'], files: ['/opt/microsoft/msedge/msedge'] },
];

const MACOS = [
  { name: 'Chrome', app: 'Google Chrome' },
  { name: 'Chromium', app: 'Chromium' },
  { name: 'Edge', app: 'Microsoft Edge' },
];

const WINDOWS = [
  { name: 'Chrome', file: 'Google\\Chrome\\Application\\chrome.exe' },
  { name: 'Chromium', file: 'Chromium\\Application\\chrome.exe' },
  { name: 'Edge', file: 'Microsoft\\Edge\\Application\\msedge.exe' },
];

function standardPlaces(): readonly Candidate[] {
  switch (process.platform) {
    case 'linux': {
      const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
      return LINUX.flatMap(({ name, commands, files }) =>
        [...commands.flatMap((command) => path.map((folder) => join(folder, command))), ...files]
          .filter((executable) => existsSync(executable))
          .map((executable) => ({ name, executable })),
      );
    }
    case 'darwin':
      return MACOS.flatMap(({ name, app }) =>
        ['/Applications', join(homedir(), 'Applications')].map((folder) => ({
          name,
          executable: join(folder, `${app}.app`, 'Contents', 'MacOS', app),
        })),
      );
    case 'win32': {
      const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => process.env[name] ?? []);
      return WINDOWS.flatMap(({ name, file }) => roots.map((root) => ({ name, executable: join(root, file) })));
    }
    default:
      return [];
  }
}

function swiftShaderIn(folder: string, origin: string): SwiftShader | undefined {
  const manifest = join(folder, 'vk_swiftshader_icd.json');
  const library = join(folder, 'libvk_swiftshader.so');
  const loader = join(folder, 'libvulkan.so.1');
  return [manifest, library, loader].every((file) => existsSync(file))
    ? { manifest, library, loader, origin }
    : undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** A snap's browser is confined: it can neither be driven through a pipe nor lend its libraries. */
async function isSnap(executable: string): Promise<boolean> {
  if (basename(await realpath(executable)) === 'snap') return true;
  const file = await open(executable);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(4096) });
    const head = buffer.toString('latin1', 0, bytesRead);
    return head.startsWith('#!') && head.includes('/snap/');
  } finally {
    await file.close();
  }
}

/** Whether the program starts at all: a shared library may be missing. */
async function starts(executable: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  return new Promise((resolve) => {
    const settings = { env: { ...process.env, ...env }, timeout: 20_000 };
    execFile(executable, ['--version'], settings, (error) => resolve(error === null));
  });
}

const PACKAGE = '@sparticuz/chromium';

function packageOrigin(npm: ChromiumPackage): string {
  return `the npm package ${PACKAGE} ${npm.version}`;
}

/** The command that puts the package where Underglass finds it: into the project that has Underglass, or beside it for all. */
export function packageCommand(): string {
  const here = fileURLToPath(import.meta.url);
  const end = here.lastIndexOf(join(sep, 'node_modules', 'underglass', sep));
  const isOwnProject = end < 0 || `${process.cwd()}${sep}`.startsWith(`${here.slice(0, end)}${sep}`);
  return `npm install ${isOwnProject ? '' : '--global '}${PACKAGE}`;
}

/**
 * The package where Node looks for a package that this file imports, and nowhere else: its code runs here, so a folder that
 * the command line happens to be started in has no say. It holds x86-64 Linux binaries only.
 *
 * Not by `require.resolve`, which refuses a package that is for `import` alone.
 */
async function findPackage(): Promise<ChromiumPackage | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  for (const parent of foldersAbove(dirname(fileURLToPath(import.meta.url)))) {
    const folder = join(parent, 'node_modules', PACKAGE);
    try {
      const manifest: { version: string } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
      return { folder, version: manifest.version };
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** A folder and all that it lies in, the innermost first. */
function foldersAbove(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}

async function unpackWhole(npm: ChromiumPackage, folder: string): Promise<void> {
  await Promise.all([
    unpackExecutable(npm, join(folder, 'chromium')),
    unpack(npm, 'swiftshader', folder),
    unpack(npm, 'al2023', folder),
    unpack(npm, 'fonts', folder),
  ]);
  // The package's own fonts.conf names fixed folders in /tmp.
  await writeFile(
    join(folder, 'fonts.conf'),
    '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n' +
      '  <dir prefix="relative">fonts</dir>\n  <cachedir prefix="xdg">fontconfig</cachedir>\n</fontconfig>\n',
  );
}

async function unpackExecutable(npm: ChromiumPackage, file: string): Promise<void> {
  const packed = createReadStream(join(npm.folder, 'bin', 'chromium.br'));
  await pipeline(packed, createBrotliDecompress(), createWriteStream(file));
  await chmod(file, 0o755);
}

interface TarFs {
  extract(folder: string, options: { readonly chown: boolean }): Writable;
}

async function unpack(npm: ChromiumPackage, archive: string, folder: string): Promise<void> {
  // tar-fs is the package's own dependency, so it is there whenever the package is.
  const tar: TarFs = createRequire(join(npm.folder, 'package.json'))('tar-fs');
  const packed = createReadStream(join(npm.folder, 'bin', `${archive}.tar.br`));
  await pipeline(packed, createBrotliDecompress(), tar.extract(folder, { chown: false }));
}

function fontVariables(folder: string): Record<string, string> {
  const configured =
    process.env.FONTCONFIG_FILE !== undefined ||
    process.env.FONTCONFIG_PATH !== undefined ||
    existsSync('/etc/fonts/fonts.conf');
  return configured ? {} : { FONTCONFIG_FILE: join(folder, 'fonts.conf') };
}

function libraryVariables(folder: string): Record<string, string> {
  const others = process.env.LD_LIBRARY_PATH;
  return { LD_LIBRARY_PATH: join(folder, 'lib') + (others ? `${delimiter}${others}` : '') };
}
