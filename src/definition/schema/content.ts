import type { Translate, Wording } from '../../base/l10n.ts';
import { oneOf } from '../one-of.ts';
import type { Group, Particle } from './types.ts';

export interface ContentMatch {
	/** Index of the first name that has no place; undefined when all have one. */
	readonly unexpected: number | undefined;
	/** Why it has no place, to stand behind a colon. */
	readonly reason: Wording;
	/** What could have stood there. */
	readonly expected: readonly string[];
	/** For each required part that is not there, the names that would do. */
	readonly missing: readonly (readonly string[])[];
}

/** Matches the names of an element's children with its content model. Models are deterministic, so no way back is needed. */
export function matchContent(group: Group, names: readonly string[]): ContentMatch {
	const missing: string[][] = [];
	if (group.kind === 'all') {
		const twice = names.findIndex((name, index) => names.indexOf(name) < index);
		for (const particle of group.particles) {
			const [name] = first(particle);
			if (particle.min > 0 && !names.includes(name!)) missing.push([name!]);
		}
		const unexpected = twice < 0 ? undefined : twice;
		return { unexpected, reason: (t) => t('it stands there already'), expected: [], missing };
	}
	const at = matchParticle(group, names, 0, missing);
	if (at >= names.length) return { unexpected: undefined, reason: () => '', expected: [], missing };
	const elsewhere = missing.filter((wanted) => !wanted.includes(names[at]!));
	const order = first(group);
	const reason: Wording = (t) =>
		group.kind === 'choice' ? t('only one of {0} may stand there', order.join(', ')) : sequenceReason(group, t);
	return { unexpected: at, reason, expected: order, missing: elsewhere };
}

function matchParticle(particle: Particle, names: readonly string[], from: number, missing: string[][]): number {
	let at = from;
	for (let count = 0; count < particle.max; count++) {
		const fits = at < names.length && first(particle).includes(names[at]!);
		const optional = count >= particle.min || canBeEmpty(particle);
		if (!fits && optional) return at;
		if (!fits) {
			// What follows a missing first part still has its place.
			if (particle.kind === 'sequence') return matchOnce(particle, names, at, missing);
			missing.push(first(particle));
			return at;
		}
		const next = matchOnce(particle, names, at, missing);
		if (next === at) return at;
		at = next;
	}
	return at;
}

function matchOnce(particle: Particle, names: readonly string[], at: number, missing: string[][]): number {
	if (particle.kind === 'element') return at + 1;
	if (particle.kind === 'choice') {
		const taken = particle.particles.find((one) => first(one).includes(names[at]!));
		return taken === undefined ? at : matchParticle(taken, names, at, missing);
	}
	return particle.particles.reduce((next, one) => matchParticle(one, names, next, missing), at);
}

/** Names that the particle can begin with. */
function first(particle: Particle): string[] {
	if (particle.kind === 'element') return [particle.element.name];
	if (particle.kind !== 'sequence') return particle.particles.flatMap(first);
	const names: string[] = [];
	for (const one of particle.particles) {
		names.push(...first(one));
		if (one.min > 0 && !canBeEmpty(one)) break;
	}
	return names;
}

function canBeEmpty(particle: Particle): boolean {
	if (particle.min === 0) return true;
	if (particle.kind === 'element') return false;
	if (particle.kind === 'choice') return particle.particles.some(canBeEmpty);
	return particle.particles.every(canBeEmpty);
}

function sequenceReason(group: Group, t: Translate): string {
	const order = group.particles.map((particle) => oneOf(first(particle), t));
	return order.length === 1
		? t('only {0} may stand there', order[0]!)
		: t('the order is {0}', order.join(', '));
}
