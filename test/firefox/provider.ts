// Vitest's browser mode in an unpatched Firefox: its own providers drive patched builds, or need further programs.

import { defineBrowserProvider } from '@vitest/browser';
import type { BrowserProvider, BrowserProviderOption } from 'vitest/node';
import { type Firefox, launchFirefox } from './firefox';

/** The provider for `browser: { provider: firefox(), instances: [{ browser: 'firefox' }] }`. */
export function firefox(): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'puppeteer',
    supportedBrowser: ['firefox'],
    providerFactory: () => new FirefoxProvider(),
  });
}

/** One Firefox for all pages; started with the first. */
class FirefoxProvider implements BrowserProvider {
  readonly name = 'puppeteer';
  readonly supportsParallelism = false;
  #launched: Promise<Firefox> | undefined;

  getCommandsContext(): Record<string, unknown> {
    return {};
  }

  async openPage(_session: string, url: string): Promise<void> {
    this.#launched ??= launchFirefox();
    const { browser } = await this.#launched;
    const page = await browser.newPage();
    await page.goto(url);
  }

  async close(): Promise<void> {
    const launched = await this.#launched?.catch(() => undefined);
    await launched?.close();
  }
}
