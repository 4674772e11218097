import type { PlainElement } from '../../../src/definition/xml/write.ts';

/**
 * A document that says what the tree says in as many ways as XML knows: prefixes, comments, CDATA, processing
 * instructions, references, either quote and white space wherever it means nothing.
 */
export function oddDocument(root: PlainElement, namespace: string, dice: Iterator<number, unknown>): string {
	const roll = (sides: number): number => (dice.next().value as number) % sides;
	const pick = <T>(...choices: readonly T[]): T => choices[roll(choices.length)]!;

	const space = (): string => pick(' ', ' ', '\t', '\n', '\r\n', '  \n\t');
	const aside = (): string =>
		pick('', '', '', '', '<!-- <a b="\'> &no; -->', `<?note don't?>`, '<?q "?>', '<!---->', '<!-- ?> ]]> -->');
	const between = (): string => pick('', '', space(), '\n\t\t') + aside() + pick('', space());

	const reference = (character: string): string => {
		const code = character.codePointAt(0)!;
		return pick(`&#${code};`, `&#x${code.toString(16)};`, `&#x0${code.toString(16).toUpperCase()};`);
	};
	const names: Readonly<Record<string, string>> = { '<': 'lt', '>': 'gt', '&': 'amp', '"': 'quot', "'": 'apos' };
	const escaped = (character: string, must: string): string => {
		if (!must.includes(character) && roll(8) > 0) return character;
		const name = names[character];
		return name !== undefined && roll(3) > 0 ? `&${name};` : reference(character);
	};
	const value = (text: string): string => {
		const quote = pick('"', "'");
		const body = Array.from(text, (character) => escaped(character, `<&\n\t\r${quote}`)).join('');
		return quote + body + quote;
	};
	const characters = (text: string): string => {
		if (text !== '' && !/]]>|\r/.test(text) && roll(5) === 0) {
			const at = roll(text.length);
			const cut = /[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at;
			return `<![CDATA[${text.slice(0, cut)}]]>${aside()}<![CDATA[${text.slice(cut)}]]>`;
		}
		// A line end may stand as the text has it, or as Windows writes it.
		const pieces = Array.from(text, (character) => {
			const written = character === '\n' && roll(3) === 0 ? '\r\n' : escaped(character, '<&>\r');
			return roll(12) === 0 ? written + aside() : written;
		});
		return pieces.join('');
	};

	const prefix = pick('', '', 'b:', 'x.y-z:');
	const declaration: readonly [string, string] = [prefix === '' ? 'xmlns' : `xmlns:${prefix.slice(0, -1)}`, namespace];
	const write = (element: PlainElement, own: PlainElement['attributes']): string => {
		const name = prefix + element.name;
		const shuffled = own.map((one) => ({ one, at: roll(100) })).sort((a, b) => a.at - b.at);
		const attributes = shuffled.map(
			({ one: [key, text] }) => `${space()}${key}${pick('', space())}=${pick('', space())}${value(text)}`,
		);
		const open = `<${name}${attributes.join('')}${pick('', space())}`;
		const content =
			element.text === undefined
				? element.children.map((child) => between() + write(child, child.attributes)).join('')
				: characters(element.text);
		if (content === '' && roll(2) === 0) return `${open}/>`;
		return `${open}>${content}${element.text === undefined ? between() : ''}</${name}${pick('', space())}>`;
	};
	const attributes = [declaration, ...root.attributes.filter(([name]) => name !== 'xmlns')];
	const head = pick('', '\ufeff', '<?xml version="1.0"?>', "<?xml version='1.0' encoding='UTF-8'?>\n");
	return `${head}${aside()}${write(root, attributes)}${between()}`;
}
