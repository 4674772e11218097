import { readDefinition, type ReadDefinition } from '../definition/read.ts';
import type { Schedule } from '../definition/model.ts';
import type { DefinitionProblem } from '../definition/problem.ts';
import { checkSchema } from '../definition/schema/check.ts';
import { definitionSchema } from '../definition/schema/definition-schema.ts';
import { childOf, type AttributeDeclaration, type ElementDeclaration } from '../definition/schema/types.ts';
import { parseXml } from '../definition/xml/parse.ts';
import type { Span, XmlDocument, XmlElement } from '../definition/xml/tree.ts';

/** A text that is, or is becoming, a backup definition: parsed once, whatever is asked about it. */
export class DefinitionText {
	readonly text: string;
	readonly xml: XmlDocument;
	readonly #declarations = new Map<XmlElement, ElementDeclaration | undefined>();
	#read: ReadDefinition | undefined;
	#schedules: Map<XmlElement, Schedule> | undefined;
	#schemaProblems: readonly DefinitionProblem[] | undefined;

	constructor(text: string) {
		this.text = text;
		this.xml = parseXml(text);
	}

	/** Prefix of our namespace with its colon; empty where it is the default namespace. */
	get prefix(): string {
		const { root } = this.xml;
		return root === undefined ? '' : root.name.slice(0, root.name.length - root.local.length);
	}

	/** The model, as far as the text goes. */
	get read(): ReadDefinition {
		this.#read ??= readDefinition(this.xml);
		return this.#read;
	}

	/** The schedule that a `schedule` element stands for. */
	scheduleOf(element: XmlElement): Schedule | undefined {
		const { definition, origins } = this.read;
		this.#schedules ??= new Map(
			definition.scheduling.schedules.flatMap((schedule) => {
				const from = origins.elementOf(schedule);
				return from === undefined ? [] : [[from, schedule] as const];
			}),
		);
		return this.#schedules.get(element);
	}

	/** What the schema objects to. */
	get schemaProblems(): readonly DefinitionProblem[] {
		this.#schemaProblems ??= checkSchema(this.xml, definitionSchema());
		return this.#schemaProblems;
	}

	/** Whether an element and everything in it can be taken at its word. */
	isSound({ start, end }: Span): boolean {
		const touches = (problem: Span): boolean => problem.start < end && problem.end > start;
		return !this.xml.problems.some(touches) && !this.schemaProblems.some(touches);
	}

	/** What the schema says about an element; undefined where it knows none at that place. */
	declarationOf(element: XmlElement): ElementDeclaration | undefined {
		if (this.#declarations.has(element)) return this.#declarations.get(element);
		const found = this.#find(element);
		this.#declarations.set(element, found);
		return found;
	}

	attributeDeclaration(element: XmlElement, name: string): AttributeDeclaration | undefined {
		const type = this.declarationOf(element)?.type;
		return type?.kind === 'complex' ? type.attributes.find((attribute) => attribute.name === name) : undefined;
	}

	#find(element: XmlElement): ElementDeclaration | undefined {
		const { root } = definitionSchema();
		if (element.parent === undefined) return element.local === root.name ? root : undefined;
		const type = this.declarationOf(element.parent)?.type;
		return type?.kind === 'complex' ? childOf(type, element.local) : undefined;
	}
}
