import { siblingsHeld } from './detect';
import type { Affected, Jump, Reading } from './model';
import { median } from './statistic';

/** Share of found attestations from hosting or anonymising networks from which on people on phones are unlikely. */
const HOSTED_SHARE = 0.5;
/** A release does not multiply attestations; who attacks does. */
const MORE_ATTESTATIONS = 2;

/** What a jump looks like, by the first rule that applies. */
const RULES: readonly { reading: Reading; applies: (jump: Jump, affected: Affected) => boolean }[] = [
  {
    reading: 'probable_attack',
    applies: (_, { hosted, events }) => events > 0 && hosted / events >= HOSTED_SHARE,
  },
  { reading: 'probable_attack', applies: ({ cell }) => cell.country !== null && !isOfOneBuild({ cell }) },
  {
    reading: 'probable_false_positive',
    applies: (jump) =>
      isOfOneBuild(jump) && jump.cell.country === null && siblingsHeld(jump) && !hasGrown(jump),
  },
];

/** Whether a jump looks like a mistake of ours or of a release, like an attack, or like neither. */
export function readJump(jump: Jump, affected: Affected): Reading {
  return RULES.find(({ applies }) => applies(jump, affected))?.reading ?? 'unclear';
}

function isOfOneBuild({ cell }: Pick<Jump, 'cell'>): boolean {
  return cell.osVersion !== null || cell.appVersion !== null || cell.model !== null || cell.platform !== null;
}

/** Whether there are many more attestations than usual; a cell that is new has no usual. */
function hasGrown({ counts }: Jump): boolean {
  const usual = median(counts.past.map((window) => window.events));
  return usual > 0 && counts.now.events > MORE_ATTESTATIONS * usual;
}
