/** One curve over the last five minutes. */
import { formatRate } from './format.js';

const SECONDS = 300;
/** A point is the mean of so many seconds: calm to look at. */
const MEAN_LENGTH = 5;
const SVG = 'http://www.w3.org/2000/svg';
/** Room for the labels, in pixels. */
const LEFT = 44;
const BOTTOM = 22;
const TOP = 8;

export class Chart {
  #place;
  #svg = create('svg');
  /** @type {readonly number[]} */
  #means = [];
  /** @type {number | undefined} */
  #pointerX;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.#place = place;
    place.append(this.#svg);
    place.addEventListener('pointermove', (event) => {
      this.#pointerX = event.clientX - place.getBoundingClientRect().left;
      this.#draw();
    });
    place.addEventListener('pointerleave', () => {
      this.#pointerX = undefined;
      this.#draw();
    });
    new ResizeObserver(() => this.#draw()).observe(place);
  }

  /** @param {readonly number[]} history a second each, the latest last */
  update(history) {
    this.#means = smooth(history);
    this.#draw();
  }

  /** The highest point. */
  get peak() {
    return Math.max(0, ...this.#means);
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.#place;
    const top = niceTop(this.peak);
    const right = width - 1;
    const bottom = height - BOTTOM;
    /** @param {number} ago in seconds */
    const xOf = (ago) => right - (ago / (SECONDS - 1)) * (right - LEFT);
    /** @param {number} rate */
    const yOf = (rate) => bottom - (rate / top) * (bottom - TOP);
    const points = this.#means.map((mean, index) => ({
      x: xOf(this.#means.length - 1 - index),
      y: yOf(mean),
      mean,
    }));
    this.#svg.replaceChildren(
      ...[0, top / 2, top].flatMap((rate) => gridLine(rate, LEFT, right, yOf(rate))),
      ...[0, 60, 120, 180, 240].map((ago) => timeLabel(ago, xOf(ago), height - 4)),
      ...curve(points, bottom),
      ...this.#cursor(points, bottom, right),
    );
  }

  /**
   * @param {readonly { x: number, y: number, mean: number }[]} points
   * @param {number} bottom
   * @param {number} right
   */
  #cursor(points, bottom, right) {
    const pointerX = this.#pointerX;
    if (pointerX === undefined || points.length === 0) return [];
    const step = (right - LEFT) / (SECONDS - 1);
    const index = points.length - 1 - Math.round((right - pointerX) / step);
    const point = points[Math.max(0, Math.min(points.length - 1, index))];
    if (point === undefined) return [];
    const { x, y, mean } = point;
    const isLeft = x > right - 90;
    const reading = create('text', {
      class: 'reading',
      x: x + (isLeft ? -8 : 8),
      y: Math.max(TOP + 12, y - 8),
      'text-anchor': isLeft ? 'end' : 'start',
    });
    reading.textContent = `${formatRate(mean)} a second`;
    return [
      create('line', { class: 'cursor', x1: x, x2: x, y1: TOP, y2: bottom }),
      create('circle', { class: 'spot', cx: x, cy: y, r: 4.5 }),
      reading,
    ];
  }
}

/** @param {readonly number[]} history */
function smooth(history) {
  return history.map((_, index) => {
    const part = history.slice(Math.max(0, index - MEAN_LENGTH + 1), index + 1);
    return part.reduce((sum, rate) => sum + rate, 0) / part.length;
  });
}

/** 1, 2 or 5 times a power of ten, at or above the peak; at least 1. @param {number} peak */
function niceTop(peak) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, peak)));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= peak) ?? 10);
}

/**
 * @param {readonly { x: number, y: number }[]} points
 * @param {number} bottom
 */
function curve(points, bottom) {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return [];
  const line = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L');
  return [
    create('path', { class: 'area', d: `M${first.x},${bottom}L${line}L${last.x},${bottom}Z` }),
    create('path', { class: 'curve', d: `M${line}` }),
  ];
}

/** @param {number} rate @param {number} left @param {number} right @param {number} y */
function gridLine(rate, left, right, y) {
  const label = create('text', { x: left - 8, y: y + 4, 'text-anchor': 'end' });
  label.textContent = formatRate(rate);
  return [create('line', { class: 'grid', x1: left, x2: right, y1: y, y2: y }), label];
}

/** @param {number} ago in seconds @param {number} x @param {number} y */
function timeLabel(ago, x, y) {
  const label = create('text', { x, y, 'text-anchor': ago === 0 ? 'end' : 'middle' });
  label.textContent = ago === 0 ? 'now' : `−${ago / 60} min`;
  return label;
}

/**
 * @param {string} name
 * @param {Readonly<Record<string, string | number>>} attributes
 */
function create(name, attributes = {}) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, `${value}`);
  return element;
}
