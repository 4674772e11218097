import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { run } from './own-machine.ts';

/** Pictures of a window that are shown for a time each. */
export class Film {
	readonly #page: Page;
	readonly #folder: string;
	readonly #frames: { readonly path: string; readonly seconds: number }[] = [];

	constructor(page: Page, folder: string) {
		this.#page = page;
		this.#folder = folder;
		mkdirSync(folder);
	}

	/** Takes the window as it is. @param at what the pointer is on; without it there is no pointer */
	async frame(seconds: number, at?: Locator): Promise<void> {
		const box = await at?.boundingBox();
		if (box) await this.#point(box.x + Math.min(box.width / 2, 60), box.y + box.height / 2);
		const path = join(this.#folder, `${String(this.#frames.length).padStart(3, '0')}.png`);
		await this.#page.screenshot({ path });
		this.#frames.push({ path, seconds });
		await this.#page.evaluate(() => document.getElementById('tour-pointer')?.remove());
	}

	/** A picture of a window has no pointer in it: draws one. */
	async #point(x: number, y: number): Promise<void> {
		await this.#page.evaluate(
			([left, top]) => {
				const pointer = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
				pointer.id = 'tour-pointer';
				pointer.setAttribute('viewBox', '0 0 16 24');
				Object.assign(pointer.style, {
					position: 'fixed',
					left: `${left}px`,
					top: `${top}px`,
					width: '18px',
					height: '27px',
					zIndex: '100000',
					pointerEvents: 'none',
				});
				const shape = document.createElementNS('http://www.w3.org/2000/svg', 'path');
				shape.setAttribute('d', 'M1 1v18l4.4-4.2 2.9 6.7 2.9-1.2-2.9-6.6H14z');
				shape.setAttribute('fill', '#fff');
				shape.setAttribute('stroke', '#000');
				pointer.append(shape);
				document.body.append(pointer);
			},
			[x, y] as const,
		);
	}

	/** Makes one moving picture of the frames, with one palette for all. */
	write(path: string): void {
		const list = join(this.#folder, 'frames.txt');
		const entries = this.#frames.map((frame) => `file '${frame.path}'\nduration ${frame.seconds}\n`);
		// The last frame's duration is read only if a frame follows it.
		writeFileSync(list, `${entries.join('')}file '${this.#frames.at(-1)!.path}'\n`);
		const colours = 'split[a][b];[a]palettegen=stats_mode=full[p];[b][p]paletteuse=dither=none:diff_mode=rectangle';
		run('ffmpeg', '-y', '-loglevel', 'error', '-f', 'concat', '-safe', '0', '-i', list, '-vf', colours, path);
		run('gifsicle', '-b', '-O3', '--lossy=20', path);
	}
}
