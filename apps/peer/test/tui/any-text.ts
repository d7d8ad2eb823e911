/** Random text for properties. */
import fc from 'fast-check';

/** Any text: plain letters, and every code point with the halves of surrogates and the controls. */
export const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0x2ff }), fc.integer({ min: 0, max: 0x10ffff })))
  .map((codes) => codes.map((code) => String.fromCodePoint(code)).join(''));
