import { describe, expect, it } from 'vitest';
import { decodeReferences, encodeText } from '../../../../src/definition/xml/characters.ts';

describe('text in XML', () => {
	it('has references for what is not seen, and is the same when it is read', () => {
		const text = 'a\tb\nc\rd\u007fe\u009bf\u2028g\u202eh <&>';
		const encoded = encodeText(text);
		expect(encoded).toBe('a\tb\nc&#13;d&#127;e&#155;f&#8232;g&#8238;h &lt;&amp;&gt;');
		expect(decodeReferences(encoded)).toBe(text);
	});
});
