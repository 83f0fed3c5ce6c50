import { formatCount, formatPercent, plural } from '@/components/ui/format';
import type { RotationState, RotationView } from '@/lib/contracts';
import { ADOPTION_SPAN } from './certificate-words';

/** One step of the assistant, as it stands. */
export interface ShownStep {
  id: 'add' | 'adopt' | 'switch' | 'confirm' | 'retire';
  title: string;
  text: string;
  status: 'done' | 'current' | 'ahead';
}

const ORDER: Readonly<Record<RotationState, number>> = {
  adopting: 1,
  switching: 3,
  confirmed: 4,
  finished: 5,
  cancelled: 5,
};

/** The five steps of a rotation with what there is to know of each. */
export function stepsOf(rotation: RotationView): ShownStep[] {
  const at = rotation.state === 'adopting' && rotation.isSafe ? 2 : ORDER[rotation.state];
  const steps = [
    { id: 'add', title: 'Add the new pin', text: `Published in configuration v${rotation.addedInVersion}.` },
    { id: 'adopt', title: 'Devices fetch it', text: adoptionText(rotation) },
    { id: 'switch', title: 'Switch the server', text: switchText(rotation) },
    { id: 'confirm', title: 'The probe confirms', text: confirmText(rotation) },
    { id: 'retire', title: 'Retire the old pin', text: 'Devices stop accepting the old key.' },
  ] as const;
  return steps.map((step, index) => ({
    ...step,
    status: index < at ? 'done' : index === at ? 'current' : 'ahead',
  }));
}

function adoptionText({ adoption, targetShare }: RotationView): string {
  const { devices, holding } = adoption;
  if (devices === 0) return `No device was seen in ${ADOPTION_SPAN}.`;
  const share = formatPercent(holding / devices);
  return `${formatCount(holding)} of ${plural(devices, 'device')} seen in ${ADOPTION_SPAN} hold it (${share}); the goal is ${formatPercent(targetShare)}.`;
}

function switchText({ state, isSafe, cutOffNow, cutOffAtSwitch }: RotationView): string {
  if (state !== 'adopting') {
    return cutOffAtSwitch === null
      ? 'The server switched without being announced.'
      : `Announced while ${plural(cutOffAtSwitch, 'device')} did not hold the new pin.`;
  }
  if (isSafe && cutOffNow === 0) return 'Safe now: nobody would be cut off.';
  const would = `${plural(cutOffNow, 'device')} would be cut off now`;
  return isSafe ? `The goal is reached. ${would}.` : `Not yet safe: ${would}.`;
}

function confirmText({ state }: RotationView): string {
  if (state === 'switching')
    return 'Install the new key on the server. It is probed every few seconds until it presents it.';
  return state === 'confirmed'
    ? 'The server presents the new key, and the old one no more.'
    : 'A probe sees the new key and no longer the old one.';
}
