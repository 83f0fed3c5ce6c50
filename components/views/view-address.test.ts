import { describe, expect, it } from 'vitest';
import type { SavedView } from '@/lib/contracts';
import { groupViews, shownView, viewHref, viewQuery } from './view-address';

const view = (changes: Partial<SavedView>): SavedView => ({
  id: '01999999-0000-7000-8000-000000000001',
  page: 'attestations',
  name: 'Rejected on iOS',
  query: 'verdict=rejected&platform=ios',
  shared: false,
  createdByName: 'Noor Haddad',
  own: true,
  updatedAt: '2026-03-03T12:00:00.000Z',
  ...changes,
});

describe('viewQuery', () => {
  it('is the same whatever the order of choice, and leaves out the row that is open', () => {
    expect(viewQuery('verdict=rejected&verdict=flagged&event=x&app=bank')).toBe(
      viewQuery('app=bank&verdict=flagged&verdict=rejected'),
    );
  });

  it('keeps every facet of a list of devices, and not where in it somebody is', () => {
    const facets = 'appVersion=5.4.0&blocked=false&country=&country=DE&osVersion=16';
    expect(viewQuery(`${facets}&begin=WyJ4Il0`)).toBe(facets);
  });

  it('writes what the API takes: no blank, no question mark, no hash', () => {
    expect(viewQuery(new URLSearchParams({ q: 'a b?#', country: '' }))).toMatch(/^[^?#\s]*$/);
  });
});

describe('viewHref', () => {
  it('leads to the page with its query, or to the bare page', () => {
    expect(viewHref(view({}))).toBe('/attestations?verdict=rejected&platform=ios');
    expect(viewHref({ page: 'devices', query: '' })).toBe('/devices');
  });
});

describe('shownView', () => {
  it('finds the view that the address shows, one’s own first', () => {
    const theirs = view({ id: '01999999-0000-7000-8000-000000000002', own: false });
    const mine = view({});
    expect(shownView([theirs, mine], viewQuery('platform=ios&verdict=rejected'))).toBe(mine);
    expect(shownView([theirs], viewQuery('platform=ios&verdict=rejected'))).toBe(theirs);
    expect(shownView([theirs, mine], viewQuery('platform=ios'))).toBeUndefined();
  });
});

describe('groupViews', () => {
  it('parts one’s own from what others share, each by name', () => {
    const [a, b, c] = [
      view({ name: 'b' }),
      view({ name: 'a' }),
      view({ name: 'c', own: false, shared: true }),
    ];
    expect(groupViews([a, b, c])).toEqual({ own: [b, a], shared: [c] });
  });
});
