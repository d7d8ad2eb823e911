/** The channel between a process and its child as a port for messages. */
import type { ChildProcess } from 'node:child_process';
import type { MessagePort } from '@shoal/tracker/server';

/** @param other - a child, or `process` in one; messages go there by structured clone */
export function processPort<Out extends object, In>(
  other: ChildProcess | NodeJS.Process,
): MessagePort<Out, In> {
  return {
    post: (message) =>
      new Promise((resolve, reject) => {
        const { send } = other;
        if (send === undefined || !other.connected) reject(new Error('the channel is closed'));
        else
          send.call(other, message, undefined, undefined, (error: Error | null) => {
            if (error === null) resolve();
            else reject(error);
          });
      }),
    listen(listener) {
      const handleMessage = (message: unknown): void => listener(message as In);
      other.on('message', handleMessage);
      return () => other.off('message', handleMessage);
    },
  };
}

/** The part of a port that carries some of its messages alone. */
export function narrowPort<Out, In, PartOut extends Out, PartIn extends In>(
  port: MessagePort<Out, In>,
  isPart: (message: In) => message is PartIn,
): MessagePort<PartOut, PartIn> {
  return {
    post: (message) => port.post(message),
    listen: (listener) =>
      port.listen((message) => {
        if (isPart(message)) listener(message);
      }),
  };
}
