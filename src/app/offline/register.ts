// Registers the service worker, which lets the page open without a network after the first visit.

/** Without one, because the browser has none or forbids it, the page works with a network only. */
export function registerOffline(): void {
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    // After the first training steps had their turn: what it fetches is there already.
    addEventListener('load', () => {
      navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI)).catch(() => undefined);
    });
  }
}
