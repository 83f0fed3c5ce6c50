'use client';

import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { onToasts } from './toast-queue';

const ToastStack = dynamic(() => import('./toast-stack').then((module) => module.ToastStack), { ssr: false });

/** The place of toasts, once per document. It loads what shows them when there is one. */
export function Toaster() {
  const [wanted, setWanted] = useState(false);
  useEffect(() => onToasts(() => setWanted(true)), []);
  return wanted ? <ToastStack /> : null;
}
