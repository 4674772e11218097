import { describe, expect, it } from 'vitest';
import { textsElement } from '../../../../src/extension/webview/texts.ts';

describe('the translations in a page', () => {
	it('come out as they went in, whatever they hold', () => {
		const bundle = { 'a </script><script>alert(1)</script>': '<!-- & "quoted" \u2028' };
		const element = textsElement(bundle);
		expect(element.match(/<\/?script/g)).toHaveLength(2);
		expect(element).not.toContain('<!--');
		expect(JSON.parse(/>([^<]*)</.exec(element)![1]!)).toEqual(bundle);
	});

	it('are none in English', () => {
		expect(textsElement(undefined)).toContain('>{}<');
	});
});
