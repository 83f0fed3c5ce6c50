/** Real Android certificates encode TRUE as 0x01 in `critical` and in `deviceLocked`. */
export const ANDROID_TOLERANCE = { berBoolean: true } as const;
