import type { Platform } from '@/lib/contracts';
import type { Random } from './random';

/** A model with the systems that run on it. */
interface Model {
  weight: number;
  model: string;
  systems: readonly [System, ...System[]];
}

interface System {
  weight: number;
  osVersion: string;
}

/** What a phone says of itself. */
export interface Hardware {
  model: string;
  osVersion: string;
}

const IOS_NEW: Model['systems'] = [
  { weight: 6, osVersion: '26.6' },
  { weight: 3, osVersion: '26.5' },
  { weight: 1, osVersion: '26.3' },
];
const IOS_OLD: Model['systems'] = [
  { weight: 4, osVersion: '26.6' },
  { weight: 2, osVersion: '26.5' },
  { weight: 3, osVersion: '18.7' },
  { weight: 1, osVersion: '17.7' },
];
const ANDROID_NEW: Model['systems'] = [
  { weight: 5, osVersion: '16' },
  { weight: 3, osVersion: '15' },
];
const ANDROID_OLD: Model['systems'] = [
  { weight: 3, osVersion: '15' },
  { weight: 4, osVersion: '14' },
  { weight: 2, osVersion: '13' },
];

const MODELS: Readonly<Record<Platform, readonly [Model, ...Model[]]>> = {
  ios: [
    { weight: 5, model: 'iPhone 17 Pro', systems: IOS_NEW },
    { weight: 6, model: 'iPhone 17', systems: IOS_NEW },
    { weight: 8, model: 'iPhone 16', systems: IOS_NEW },
    { weight: 7, model: 'iPhone 15', systems: IOS_OLD },
    { weight: 6, model: 'iPhone 14', systems: IOS_OLD },
    { weight: 5, model: 'iPhone 13', systems: IOS_OLD },
    { weight: 3, model: 'iPhone SE (3rd gen)', systems: IOS_OLD },
  ],
  android: [
    { weight: 5, model: 'Pixel 10', systems: ANDROID_NEW },
    { weight: 6, model: 'Pixel 9', systems: ANDROID_NEW },
    { weight: 4, model: 'Pixel 8a', systems: ANDROID_NEW },
    { weight: 7, model: 'Galaxy S25', systems: ANDROID_NEW },
    { weight: 7, model: 'Galaxy S24', systems: ANDROID_NEW },
    { weight: 6, model: 'Galaxy A54', systems: ANDROID_OLD },
    { weight: 4, model: 'Xperia 1 V', systems: ANDROID_OLD },
    { weight: 4, model: 'Fairphone 5', systems: ANDROID_OLD },
    { weight: 5, model: 'Redmi Note 13', systems: ANDROID_OLD },
  ],
};

/** Draws a phone, popular ones more often. */
export function drawHardware(random: Random, platform: Platform): Hardware {
  const { model, systems } = random.weighted(MODELS[platform]);
  return { model, osVersion: random.weighted(systems).osVersion };
}
