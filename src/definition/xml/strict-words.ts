import type { Translate, Wording } from '../../base/l10n.ts';

type Words = (t: Translate, ...found: readonly string[]) => string;

/** What saxes objects to, by the beginning of its sentence, and how it is said here. */
const objections: readonly (readonly [saxes: RegExp, words: Words])[] = [
	[/^disallowed character in tag name/, (t) => t('A character here may not stand in the name of a tag.')],
	[/^disallowed character in closing tag/, (t) => t('A character here may not stand in an end tag.')],
	[/^disallowed character in attribute name/, (t) => t('A character here may not stand in the name of an attribute.')],
	[
		/^(?:disallowed character in processing instruction name|processing instruction without a target)/,
		(t) => t('A processing instruction begins with <? and its name.'),
	],
	[
		/^(?:disallowed character in entity name|(?:undefined|empty) entity|malformed character entity)/,
		(t) => t('Nothing is known by this reference; write &amp; for the character &.'),
	],
	[/^disallowed character/, (t) => t('XML may not hold this character.')],
	[/^no whitespace between attributes/, (t) => t('Put a space between the attributes.')],
	[/^attribute without value/, (t) => t('An attribute needs a value; add ="…".')],
	[/^unquoted attribute value/, (t) => t('Put the value of the attribute in quotes.')],
	[/^forward-slash in opening tag/, (t) => t('A / in a start tag stands right before its >.')],
	[/^the string "]]>"/, (t) => t('Write ]]&gt; for ]]> in a text.')],
	[/^malformed comment/, (t) => t('Two hyphens may not stand in a comment.')],
	[
		/^malformed name: (.*)\.$/,
		(t, name) => t('{0} is no name; it may have one colon, between a prefix and a name.', name),
	],
	[
		/^unbound namespace prefix: "(.*)"\.$/,
		(t, prefix) => t('The prefix {0} is not declared; add {1}.', prefix, `xmlns:${prefix}="…"`),
	],
	[/^duplicate attribute: (.*)\.$/, (t, name) => t('Attribute {0} stands twice in this tag; remove one.', name)],
	[
		/^(?:xml(?:ns)? prefix must be|the default namespace may not|may not assign the xml|invalid attempt to undefine|tags may not have "xmlns")/,
		(t) => t('The prefixes xml and xmlns have their own meaning, and no prefix can have an empty namespace.'),
	],
	[
		/^an XML declaration must|^the XML declaration must/,
		(t) => t('An XML declaration is the very first thing in a document.'),
	],
	[
		/^(?:XML declaration|did not expect any more|expected (?:the name|one of)|value (?:required|must be quoted)|version number must|encoding value must|standalone value must|whitespace required|The character \? is|processing instructions are not)/,
		(t) => t('An XML declaration reads {0}.', '<?xml version="1.0" encoding="UTF-8"?>'),
	],
	[
		/^inappropriately located doctype/,
		(t) => t('A document type declaration is not allowed here: entities are neither declared nor fetched.'),
	],
	[/^text data outside/, (t) => t('Text stands outside of the root element.')],
	[/^documents may contain only one root/, (t) => t('A document has one root.')],
	[/^document must contain a root/, (t) => t('The document is empty; it needs a root element.')],
	[
		/^(?:unclosed tag|unexpected end|unexpected close tag|unmatched closing tag|weird empty close tag)/,
		(t) => t('Start and end tags do not match.'),
	],
	[/^incorrect syntax/, (t) => t('Behind <! stands a comment or a CDATA section.')],
];

/** The sentence of ours for what a strict parser says; another one of it is quoted. @param message of saxes */
export function strictWording(message: string): Wording {
	for (const [pattern, words] of objections) {
		const match = pattern.exec(message);
		if (match !== null) return (t) => words(t, ...match.slice(1));
	}
	return (t) => t('This is not well-formed XML: {0}', message);
}
