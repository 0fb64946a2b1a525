// Registers the service worker, which lets the page open without a network after the first visit.

/** Without one, because the browser has none or forbids it, the page works with a network only. */
export function registerOffline(): void {
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    // Not before the page itself has loaded: both would want the network at once.
    addEventListener('load', () => {
      navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI)).catch(() => undefined);
    });
  }
}
