/** The schema of definitions in a compact form: what the XSD says, and nothing that it does not say. */
export interface Schema {
	readonly namespace: string;
	readonly root: ElementDeclaration;
}

export interface ElementDeclaration {
	readonly name: string;
	/** Text of its xs:documentation. */
	readonly documentation: string;
	readonly type: SimpleType | ComplexType;
	/** Value of an element that is empty, and in our documents of one that is left out. */
	readonly defaultValue: string | undefined;
}

export interface AttributeDeclaration {
	readonly name: string;
	readonly documentation: string;
	readonly type: SimpleType;
	readonly required: boolean;
	readonly defaultValue: string | undefined;
}

export interface ComplexType {
	readonly kind: 'complex';
	readonly name: string;
	/** Undefined when the element is always empty. */
	readonly content: Group | undefined;
	readonly attributes: readonly AttributeDeclaration[];
}

/** Elements in an order (`sequence`), one of several (`choice`), or each at most once in any order (`all`). */
export interface Group {
	readonly kind: 'sequence' | 'choice' | 'all';
	readonly particles: readonly Particle[];
	readonly min: number;
	/** Infinity for unbounded. */
	readonly max: number;
}

export type Particle = Group | ElementParticle;

export interface ElementParticle {
	readonly kind: 'element';
	readonly element: ElementDeclaration;
	readonly min: number;
	readonly max: number;
}

export interface SimpleType {
	readonly kind: 'simple';
	/** Name of the type, or of the XSD type it is. */
	readonly name: string;
	readonly documentation: string;
	/** The XSD type that everything rests on. */
	readonly primitive: Primitive;
	readonly enumeration: readonly EnumerationValue[];
	/** Of each step of derivation, patterns of which one must match. */
	readonly patterns: readonly (readonly RegExp[])[];
	readonly minLength: number | undefined;
	readonly maxLength: number | undefined;
	readonly min: number | undefined;
	readonly max: number | undefined;
	/** Type of the items of a list; lengths then count items. */
	readonly item: SimpleType | undefined;
}

export type Primitive = 'string' | 'token' | 'boolean' | 'integer' | 'date';

export interface EnumerationValue {
	readonly value: string;
	readonly documentation: string;
}

/** Every element that a group can hold, in the order of the schema. */
export function elementsIn(group: Group | undefined): ElementParticle[] {
	if (group === undefined) return [];
	return group.particles.flatMap((particle) => (particle.kind === 'element' ? [particle] : elementsIn(particle)));
}

export function childOf(type: ComplexType, name: string): ElementDeclaration | undefined {
	return elementsIn(type.content).find((particle) => particle.element.name === name)?.element;
}
