/** A driver's function or object with some members replaced; everything else is its own. */
export function replacing<Target extends object>(target: Target, members: Record<string, unknown>): Target {
  return new Proxy(target, {
    get: (from, name) =>
      typeof name === 'string' && Object.hasOwn(members, name) ? members[name] : Reflect.get(from, name),
  });
}
