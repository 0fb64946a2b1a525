// The curves as a picture, and files handed to the reader.

import { SPLITS, type SplitStyle } from '../splits';
import { colour } from './chart';

/** A chart as the picture shows it. */
export interface PicturedChart {
  readonly title: string;
  readonly canvas: HTMLCanvasElement;
  /** The value of each split that the legend tells. */
  readonly values: readonly string[];
}

/** The charts side by side on the page's ground, each under its title and over its legend. */
export function chartPicture(charts: readonly PicturedChart[], caption: string): Promise<Blob> {
  const scale = devicePixelRatio;
  const [margin, head, foot, last] = [24 * scale, 28 * scale, 34 * scale, 30 * scale];
  const widest = Math.max(...charts.map(({ canvas }) => canvas.width));
  const tallest = Math.max(...charts.map(({ canvas }) => canvas.height));
  const picture = document.createElement('canvas');
  picture.width = charts.length * (widest + margin) + margin;
  picture.height = margin + head + tallest + foot + last;
  const context = picture.getContext('2d')!;
  const { fontFamily } = getComputedStyle(document.body);
  const write = (text: string, x: number, y: number, property: string, weight = 400) => {
    context.font = `${weight} ${13 * scale}px ${fontFamily}`;
    context.fillStyle = colour(property);
    context.fillText(text, x, y);
    return context.measureText(text).width;
  };
  context.fillStyle = colour('--ground');
  context.fillRect(0, 0, picture.width, picture.height);
  for (const [i, { title, canvas, values }] of charts.entries()) {
    const left = margin + i * (widest + margin);
    write(title, left, margin + 12 * scale, '--ink', 600);
    context.drawImage(canvas, left, margin + head);
    let x = left + 52 * scale;
    for (const [place, split] of SPLITS.entries()) {
      const y = margin + head + tallest + 22 * scale;
      drawSwatch(context, split, x, y - 4 * scale, scale);
      x += 34 * scale + write(`${split.name}  `, x + 34 * scale, y, '--muted');
      x += write(values[place] ?? '', x, y, '--ink', 600) + 24 * scale;
    }
  }
  write(caption, margin, picture.height - 14 * scale, '--muted');
  return new Promise((resolve, reject) => {
    picture.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser made no picture'))), 'image/png');
  });
}

function drawSwatch(context: CanvasRenderingContext2D, split: SplitStyle, x: number, y: number, scale: number): void {
  context.strokeStyle = colour(split.colour);
  context.lineWidth = 2.5 * scale;
  context.setLineDash(split.dash.map((length) => length * scale));
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 26 * scale, y);
  context.stroke();
}

/** Hands a file to the reader. */
export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it by the next task.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
