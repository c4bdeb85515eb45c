/** As much of a service worker's world as ours needs: the page's types know of none. */

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

export interface Installing extends Extendable {
  /** What is not to be asked of the worker at all, where the browser knows of that. */
  addRoutes?(rules: { condition: { urlPattern: { pathname: string } }; source: "network" }): Promise<void>;
}

export interface Fetching extends Extendable {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(response: Promise<Response>): void;
}

export interface Pushed extends Extendable {
  readonly data: { json(): unknown } | null;
}

export interface Renewing extends Extendable {
  readonly oldSubscription: PushSubscription | null;
  readonly newSubscription: PushSubscription | null;
}

export interface Clicked extends Extendable {
  readonly notification: Notification;
}

interface Window {
  readonly focused: boolean;
  focus(): Promise<Window>;
  postMessage(message: unknown): void;
}

interface Events {
  install: Installing;
  activate: Extendable;
  fetch: Fetching;
  push: Pushed;
  pushsubscriptionchange: Renewing;
  notificationclick: Clicked;
}

interface Scope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: "window"; includeUncontrolled?: boolean }): Promise<Window[]>;
    openWindow(url: string): Promise<Window | null>;
  };
  skipWaiting(): Promise<void>;
  addEventListener<K extends keyof Events>(type: K, listener: (event: Events[K]) => void): void;
}

export const scope = globalThis as unknown as Scope;
