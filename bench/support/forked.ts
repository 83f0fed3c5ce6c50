import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/* Parts of a benchmark that run in a process of their own: the same bundle, told by an argument which part it is. */

/** Functions that another process can call, with plain data. */
export type Calls = Record<string, (...given: never[]) => unknown>;

/** The same functions as the calling process sees them. */
export type Remote<Part extends Calls> = {
  [Name in keyof Part]: (...given: Parameters<Part[Name]>) => Promise<Awaited<ReturnType<Part[Name]>>>;
};

/** A part that runs elsewhere. */
export interface Forked<Part extends Calls> {
  pid: number;
  call: Remote<Part>;
  /** Ends the process. */
  stop(): Promise<void>;
}

interface Question {
  id: number;
  name: string;
  given: never[];
}

interface Answer {
  id: number;
  answer?: unknown;
  error?: string;
}

const argumentOf = (part: string) => `--part=${part}`;

/** Runs a part in another process, with flags of Node's. */
export function forkPart<Part extends Calls>(part: string, flags: readonly string[] = []): Forked<Part> {
  const child = fork(fileURLToPath(import.meta.url), [argumentOf(part)], {
    serialization: 'advanced',
    execArgv: [...process.execArgv, ...flags],
  });
  let asked = 0;
  const call = (name: string, given: never[]) =>
    new Promise<unknown>((resolve, reject) => {
      const id = asked++;
      const onExit = () => reject(new Error(`${part} ended.`));
      child.once('exit', onExit);
      child.on('message', function onAnswer(message: Answer) {
        if (message.id !== id) return;
        child.off('message', onAnswer);
        child.off('exit', onExit);
        if (message.error === undefined) resolve(message.answer);
        else reject(new Error(message.error));
      });
      child.send({ id, name, given } satisfies Question);
    });
  return {
    pid: child.pid ?? 0,
    // Whatever is asked for is a function that answers as the one over there does.
    call: new Proxy({} as Remote<Part>, {
      get:
        (_, name) =>
        (...given: never[]) =>
          call(String(name), given),
    }),
    stop: () => endProcess(child),
  };
}

/** In the process of this part: answers calls until that is ended, and never returns; elsewhere does nothing. */
export async function serveIfForked(part: string, make: () => Calls): Promise<void> {
  if (!process.argv.includes(argumentOf(part))) return;
  const calls = make();
  process.on('disconnect', () => process.exit(0));
  process.on('message', async ({ id, name, given }: Question) => {
    try {
      process.send?.({ id, answer: await calls[name]?.(...given) } satisfies Answer);
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.message : String(error) } satisfies Answer);
    }
  });
  await new Promise(() => undefined);
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
