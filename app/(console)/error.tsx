'use client';

/** The same as outside, with the frame around it still there. */
export { default } from '../error';
