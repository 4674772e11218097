import * as vscode from 'vscode';
import { foldingRanges, type FoldingRange } from '../../xml/folding.ts';
import { symbols, type DefinitionSymbol, type SymbolKind } from '../../xml/symbols.ts';
import { toRange } from './convert.ts';
import { definitionOf } from './parsed.ts';
import { hasRedHat } from './red-hat.ts';
import { words } from './surroundings.ts';

const symbolKinds: Readonly<Record<SymbolKind, vscode.SymbolKind>> = {
	definition: vscode.SymbolKind.Package,
	part: vscode.SymbolKind.Object,
	source: vscode.SymbolKind.Module,
	schedule: vscode.SymbolKind.Event,
	rule: vscode.SymbolKind.Constant,
	value: vscode.SymbolKind.Property,
	script: vscode.SymbolKind.File,
};

const foldingKinds: Readonly<Record<FoldingRange['kind'], vscode.FoldingRangeKind | undefined>> = {
	element: undefined,
	comment: vscode.FoldingRangeKind.Comment,
	region: vscode.FoldingRangeKind.Region,
};

/** Outline and breadcrumbs. */
export const symbolProvider: vscode.DocumentSymbolProvider = {
	provideDocumentSymbols(document) {
		const definition = definitionOf(document);
		return definition && symbols(definition, words).map((symbol) => toSymbol(document, symbol));
	},
};

export const foldingProvider: vscode.FoldingRangeProvider = {
	provideFoldingRanges(document) {
		const definition = hasRedHat() ? undefined : definitionOf(document);
		return (
			definition &&
			foldingRanges(definition).map(
				({ startLine, endLine, kind }) => new vscode.FoldingRange(startLine, endLine, foldingKinds[kind]),
			)
		);
	},
};

function toSymbol(document: vscode.TextDocument, symbol: DefinitionSymbol): vscode.DocumentSymbol {
	const range = toRange(document, symbol.span);
	const name = toRange(document, symbol.nameSpan);
	const result = new vscode.DocumentSymbol(symbol.name, symbol.detail, symbolKinds[symbol.kind], range, name);
	result.children = symbol.children.map((child) => toSymbol(document, child));
	return result;
}
