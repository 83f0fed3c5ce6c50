import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type HistoryStep, UrlStore } from './url-store';

/** A browser with one page after the other in its history. */
class FakeBrowser {
  steps = [{ path: '/devices', search: '' }];
  readonly path = () => this.#now().path;
  readonly search = () => this.#now().search;
  readonly write = (search: string, step: HistoryStep) => {
    const next = { path: this.path(), search: search === '' ? '' : `?${search}` };
    if (step === 'replace') this.steps.pop();
    this.steps.push(next);
  };
  follow(path: string, search: string): void {
    this.steps.push({ path, search });
  }
  #now() {
    return this.steps.at(-1) ?? { path: '', search: '' };
  }
}

const put = (name: string, value: string) => (params: URLSearchParams) => params.set(name, value);

let browser: FakeBrowser;
let store: UrlStore;

beforeEach(() => {
  vi.useFakeTimers();
  browser = new FakeBrowser();
  store = new UrlStore(browser);
});
afterEach(() => {
  vi.useRealTimers();
});

const searches = () => browser.steps.map(({ search }) => search);

describe('UrlStore', () => {
  it('shows at once what was set, before the URL and the router know it', () => {
    const heard = vi.fn();
    store.subscribe(heard);
    store.set(put('verdict', 'rejected'), 'push');
    expect(heard).toHaveBeenCalledTimes(1);
    expect(store.shown('/devices', '')).toBe('verdict=rejected');
    expect(searches()).toEqual(['']);
    vi.runAllTimers();
    expect(searches()).toEqual(['', '?verdict=rejected']);
    expect(store.shown('/devices', '')).toBe('verdict=rejected');
  });

  it('makes one step of the history of what is set at the same moment', () => {
    store.set(put('q', 'pixel'), 'replace');
    store.set(put('app', 'bank'), 'push');
    store.set(put('platform', 'ios'), 'replace');
    vi.runAllTimers();
    expect(searches()).toEqual(['', '?q=pixel&app=bank&platform=ios']);
  });

  it('replaces the step where every change asks for that', () => {
    store.set(put('q', 'pixel'), 'replace');
    vi.runAllTimers();
    expect(searches()).toEqual(['?q=pixel']);
  });

  it('makes no step of a change that was taken back, or that changes nothing', () => {
    store.set(put('q', 'pixel'), 'push');
    store.set((params) => params.delete('q'), 'push');
    store.set((params) => params.delete('app'), 'push');
    vi.runAllTimers();
    expect(searches()).toEqual(['']);
  });

  it('changes the URL no more often than browsers let it, and ends with what was set last', () => {
    for (let key = 0; key < 300; key++) {
      store.set(put('event', String(key)), 'push');
      vi.advanceTimersByTime(30);
    }
    vi.runAllTimers();
    const seconds = (300 * 30) / 1_000;
    expect(browser.steps.length).toBeLessThanOrEqual(seconds * 10);
    expect(searches().at(-1)).toBe('?event=299');
  });

  it('stays ahead of a router that takes over one change after the other', () => {
    for (const value of ['1', '2']) {
      store.set(put('event', value), 'push');
      vi.runAllTimers();
    }
    store.settle('/devices', 'event=1');
    expect(store.shown('/devices', 'event=1')).toBe('event=2');
    store.settle('/devices', 'event=2');
    expect(store.shown('/devices', 'event=2')).toBe('event=2');
  });

  it('believes the router again once that has caught up: going back shows what was before', () => {
    store.set(put('event', '1'), 'push');
    vi.runAllTimers();
    store.settle('/devices', 'event=1');
    browser.steps.pop();
    expect(store.shown('/devices', '')).toBe('');
  });

  it('goes back also before the router has caught up', () => {
    store.set(put('event', '1'), 'push');
    vi.runAllTimers();
    browser.steps.pop();
    store.settle('/devices', '');
    expect(store.shown('/devices', '')).toBe('');
  });

  it('calls nobody back who followed a link before the URL was changed', () => {
    store.set(put('q', 'pixel'), 'replace');
    browser.follow('/apps', '');
    vi.runAllTimers();
    expect(browser.steps.at(-1)).toEqual({ path: '/apps', search: '' });
    expect(store.shown('/apps', '')).toBe('');
    expect(store.shown('/devices', '')).toBe('');
  });

  it('sets on the next page what was set there, and nothing of the page before', () => {
    store.set(put('q', 'pixel'), 'replace');
    browser.follow('/apps', '?range=1h');
    store.set(put('tab', 'policy'), 'replace');
    vi.runAllTimers();
    expect(browser.steps.at(-1)).toEqual({ path: '/apps', search: '?range=1h&tab=policy' });
  });

  it('believes the router where that shows something that was never set here', () => {
    store.set(put('event', '1'), 'push');
    vi.runAllTimers();
    expect(store.shown('/devices', 'app=bank')).toBe('app=bank');
    store.settle('/devices', 'app=bank');
    expect(store.shown('/devices', '')).toBe('');
  });

  it('keeps what is set while a step is being taken over', () => {
    store.set(put('event', '1'), 'push');
    vi.runAllTimers();
    store.set(put('event', '2'), 'push');
    store.settle('/devices', 'event=1');
    expect(store.shown('/devices', 'event=1')).toBe('event=2');
    vi.runAllTimers();
    expect(searches().at(-1)).toBe('?event=2');
  });
});
