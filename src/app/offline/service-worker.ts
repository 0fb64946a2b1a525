// The service worker: keeps the files of one build and answers from them, so that the page opens without a network.
//
// `build/offline.ts` fills in the files and the version when the page is built. A new build is another version: it is
// fetched whole beside the old one, and takes over when no page of the old one is open, so that no page ever gets files
// of two builds.

/** The parts of the service worker's global scope that are used here; TypeScript has them only without the DOM. */
export interface ServiceWorkerScope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate', listener: (event: LifecycleEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: RequestEvent) => void): void;
}
interface LifecycleEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface RequestEvent extends Event {
  readonly request: Request;
  respondWith(response: Response | Promise<Response>): void;
}

declare const self: ServiceWorkerScope;

/** Addresses of the build's files, relative to the page. */
declare const OFFLINE_FILES: readonly string[];
/** Another for every build. */
declare const OFFLINE_VERSION: string;

const HOME = self.registration.scope;
/** Caches belong to a whole origin, which may hold several copies of the page. */
const PREFIX = `underglass ${HOME} `;
const CACHE = `${PREFIX}${OFFLINE_VERSION}`;
const KEPT = new Set(OFFLINE_FILES.map((file) => new URL(file, HOME).href));

self.addEventListener('install', (event) => {
  const fill = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll([...KEPT].map((address) => new Request(address, { cache: 'no-cache' })));
  };
  event.waitUntil(fill());
});

self.addEventListener('activate', (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(
      names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
    );
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener('fetch', (event) => {
  const address = keptAddress(event.request);
  if (address) {
    event.respondWith(caches.open(CACHE).then(async (cache) => (await cache.match(address)) ?? fetch(event.request)));
  }
});

/** The kept file that answers a request, whatever settings its query names; undefined for what is not ours. */
function keptAddress({ method, url }: Request): string | undefined {
  const { origin, pathname } = new URL(url);
  const address = `${origin}${pathname}`;
  const file = address === HOME ? `${HOME}index.html` : address;
  return method === 'GET' && KEPT.has(file) ? file : undefined;
}
