'use client';

import { useEffect, useState } from 'react';
import { deferred } from './deferred';
import { onToasts } from './toast-queue';

const ToastStack = deferred(() => import('./toast-stack').then((module) => module.ToastStack));

/** The place of toasts, once per document. It loads what shows them when there is one. */
export function Toaster() {
  const [wanted, setWanted] = useState(false);
  useEffect(() => onToasts(() => setWanted(true)), []);
  return wanted ? <ToastStack /> : null;
}
