import { textOf } from '../xml/characters.ts';
import { parseXml } from '../xml/parse.ts';
import { attributeOf, elementsOf, type XmlElement } from '../xml/tree.ts';
import type {
	AttributeDeclaration,
	ComplexType,
	ElementDeclaration,
	Group,
	Particle,
	Primitive,
	Schema,
	SimpleType,
} from './types.ts';

const xs = 'http://www.w3.org/2001/XMLSchema';

/** The XSD types that our schema rests on; a range is what the type itself allows. */
const builtIn: Readonly<Record<string, { primitive: Primitive; min?: number }>> = {
	'xs:string': { primitive: 'string' },
	'xs:token': { primitive: 'token' },
	'xs:boolean': { primitive: 'boolean' },
	'xs:integer': { primitive: 'integer' },
	'xs:nonNegativeInteger': { primitive: 'integer', min: 0 },
	'xs:positiveInteger': { primitive: 'integer', min: 1 },
	'xs:date': { primitive: 'date' },
};

/**
 * Reads the XSD into the compact form. It understands the part of XML Schema that our schema uses and refuses the
 * rest, so that nothing the XSD says is passed over in silence.
 * @throws Error when the text is no XSD or uses what is not understood here
 */
export function loadSchema(xsd: string): Schema {
	const document = parseXml(xsd);
	const [problem] = document.problems;
	if (problem !== undefined) throw new Error(`Schema: ${problem.message}`);
	return new Loader(document.root!, xsd).load();
}

class Loader {
	readonly #text: string;
	readonly #root: XmlElement;
	readonly #named = new Map<string, XmlElement>();
	readonly #types = new Map<string, SimpleType | ComplexType>();

	constructor(root: XmlElement, text: string) {
		this.#root = root;
		this.#text = text;
		if (root.namespace !== xs || root.local !== 'schema') throw new Error('Schema: the root is not xs:schema');
		for (const child of elementsOf(root)) {
			if (child.local === 'simpleType' || child.local === 'complexType') this.#named.set(required(child, 'name'), child);
		}
	}

	load(): Schema {
		const roots = elementsOf(this.#root).filter((child) => child.local === 'element');
		if (roots.length !== 1) throw new Error('Schema: exactly one global element is expected');
		return { namespace: required(this.#root, 'targetNamespace'), root: this.#element(roots[0]!) };
	}

	#element(element: XmlElement): ElementDeclaration {
		only(element, ['name', 'type', 'default', 'minOccurs', 'maxOccurs'], ['annotation']);
		return {
			name: required(element, 'name'),
			documentation: this.#documentation(element),
			type: this.#type(required(element, 'type')),
			defaultValue: value(element, 'default'),
		};
	}

	#type(name: string): SimpleType | ComplexType {
		const known = this.#types.get(name);
		if (known !== undefined) return known;
		const base = builtIn[name];
		const element = this.#named.get(name);
		if (base === undefined && element === undefined) throw new Error(`Schema: type ${name} is not known`);
		const type =
			element === undefined
				? primitiveType(name, base!)
				: element.local === 'simpleType'
					? this.#simple(element, name)
					: this.#complex(element, name);
		this.#types.set(name, type);
		return type;
	}

	#simpleType(name: string): SimpleType {
		const type = this.#type(name);
		if (type.kind !== 'simple') throw new Error(`Schema: ${name} is not a simple type`);
		return type;
	}

	#complex(element: XmlElement, name: string): ComplexType {
		only(element, ['name'], ['annotation', 'sequence', 'choice', 'all', 'attribute']);
		const children = elementsOf(element);
		const group = children.find((child) => ['sequence', 'choice', 'all'].includes(child.local));
		return {
			kind: 'complex',
			name,
			content: group === undefined ? undefined : this.#group(group),
			attributes: children.filter((child) => child.local === 'attribute').map((child) => this.#attribute(child)),
		};
	}

	#group(element: XmlElement): Group {
		only(element, ['minOccurs', 'maxOccurs'], ['element', 'sequence', 'choice']);
		return {
			kind: element.local as Group['kind'],
			particles: elementsOf(element).map((child): Particle =>
				child.local === 'element'
					? { kind: 'element', element: this.#element(child), ...occurs(child) }
					: this.#group(child),
			),
			...occurs(element),
		};
	}

	#attribute(element: XmlElement): AttributeDeclaration {
		only(element, ['name', 'type', 'use', 'default'], ['annotation']);
		return {
			name: required(element, 'name'),
			documentation: this.#documentation(element),
			type: this.#simpleType(required(element, 'type')),
			required: value(element, 'use') === 'required',
			defaultValue: value(element, 'default'),
		};
	}

	#simple(element: XmlElement, name: string): SimpleType {
		only(element, ['name'], ['annotation', 'restriction', 'list']);
		const documentation = this.#documentation(element);
		const list = elementsOf(element).find((child) => child.local === 'list');
		if (list !== undefined) {
			const item = this.#simpleType(required(list, 'itemType'));
			return { ...primitiveType(name, { primitive: 'token' }), documentation, item };
		}
		const restriction = elementsOf(element).find((child) => child.local === 'restriction')!;
		only(restriction, ['base'], [
			'enumeration',
			'pattern',
			'minLength',
			'maxLength',
			'minInclusive',
			'maxInclusive',
		]);
		const base = this.#simpleType(required(restriction, 'base'));
		const facets = (facet: string): XmlElement[] => elementsOf(restriction).filter((child) => child.local === facet);
		const number = (facet: string): number | undefined => {
			const [found] = facets(facet);
			return found === undefined ? undefined : Number(required(found, 'value'));
		};
		const patterns = facets('pattern').map((child) => new RegExp(`^(?:${required(child, 'value')})$`, 'u'));
		const enumeration = facets('enumeration').map((child) => ({
			value: required(child, 'value'),
			documentation: this.#documentation(child),
		}));
		return {
			...base,
			name,
			documentation,
			enumeration: enumeration.length > 0 ? enumeration : base.enumeration,
			patterns: patterns.length > 0 ? [...base.patterns, patterns] : base.patterns,
			minLength: number('minLength') ?? base.minLength,
			maxLength: number('maxLength') ?? base.maxLength,
			min: number('minInclusive') ?? base.min,
			max: number('maxInclusive') ?? base.max,
		};
	}

	#documentation(element: XmlElement): string {
		const annotation = elementsOf(element).find((child) => child.local === 'annotation');
		return annotation === undefined
			? ''
			: elementsOf(annotation)
					.map((child) => textOf(child, this.#text).replace(/\s+/g, ' ').trim())
					.join(' ');
	}
}

function primitiveType(name: string, { primitive, min }: { primitive: Primitive; min?: number }): SimpleType {
	return {
		kind: 'simple',
		name,
		documentation: '',
		primitive,
		enumeration: [],
		patterns: [],
		minLength: undefined,
		maxLength: undefined,
		min,
		max: undefined,
		item: undefined,
	};
}

function occurs(element: XmlElement): { min: number; max: number } {
	const max = value(element, 'maxOccurs') ?? '1';
	return { min: Number(value(element, 'minOccurs') ?? '1'), max: max === 'unbounded' ? Infinity : Number(max) };
}

function value(element: XmlElement, name: string): string | undefined {
	return attributeOf(element, name)?.value;
}

function required(element: XmlElement, name: string): string {
	const found = value(element, name);
	if (found === undefined) throw new Error(`Schema: ${element.name} has no ${name}`);
	return found;
}

function only(element: XmlElement, attributes: readonly string[], children: readonly string[]): void {
	const attribute = element.attributes.find(({ name }) => !attributes.includes(name));
	const child = elementsOf(element).find(({ local }) => !children.includes(local));
	const strange = attribute?.name ?? child?.name;
	if (strange !== undefined) throw new Error(`Schema: ${strange} in ${element.name} is not understood`);
}
