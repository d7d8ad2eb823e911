import { Command } from 'commander';
import { expect, test } from 'vitest';
import {
  type AdmissionFlags,
  addAdmissionFlags,
  admissionOptions,
} from '../src/admission-flags.ts';

function parse(...args: readonly string[]): AdmissionFlags {
  const program = addAdmissionFlags(new Command()).exitOverride();
  program.configureOutput({ writeErr: () => {} });
  return program.parse([...args], { from: 'user' }).opts<AdmissionFlags>();
}

test('says who may announce, how often, and who is believed', () => {
  const flags = parse(
    ...['--allow-client', '-TR4', '--allow-client', '-SL', '--deny-client', '-XX'],
    ...['--trusted-proxy', '10.0.0.0/8 ::1', '--rate', '30', '--rate-burst', '5'],
  );
  expect(admissionOptions(flags, 1)).toEqual({
    allowClients: ['-TR4', '-SL'],
    denyClients: ['-XX'],
    trustedProxies: ['10.0.0.0/8', '::1'],
    rate: { perMinute: 30, burst: 5 },
  });
  expect(admissionOptions(parse('--rate', '7'), 1)).toEqual({ rate: { perMinute: 7, burst: 7 } });
  expect(admissionOptions(parse('--rate', 'off'), 1)).toEqual({});
});

test('holds nobody back but floods unless it is told to, and this machine never', () => {
  const rate = { perMinute: 600_000, burst: 600_000, sparesLoopback: true };
  expect(admissionOptions(parse(), 1)).toEqual({ rate });
  expect(admissionOptions(parse(), 2)).toEqual({
    rate: { ...rate, perMinute: 300_000, burst: 300_000 },
  });
});

test('each process that answers has its part of the rate', () => {
  const flags = parse('--rate', '30', '--rate-burst', '5');
  expect(admissionOptions(flags, 4)).toEqual({ rate: { perMinute: 7.5, burst: 2 } });
});

test.each([
  [['--trusted-proxy', '10.0.0.0/33'], 'Neither an address nor a network: 10.0.0.0/33.'],
  [['--trusted-proxy', 'proxy.example'], 'Neither an address nor a network: proxy.example.'],
  [['--deny-client', 'x'.repeat(21)], 'The prefix of a peer id has 1 to 20 characters.'],
  [['--rate', '0'], 'Write a whole number from 1 to 1000000.'],
  [['--rate-burst', 'x'], 'Write a whole number from 1 to 1000000.'],
])('%j is refused', (args, sentence) => {
  expect(() => parse(...args)).toThrow(sentence);
});

test.each(['--allow-client', '--deny-client', '--trusted-proxy'])(
  'refuses %s without a value: nobody would be served',
  (flag) => {
    expect(() => parse(flag, '')).toThrow('Write a value, or leave it out.');
    expect(() => parse(flag, ' ')).toThrow('Write a value, or leave it out.');
  },
);
