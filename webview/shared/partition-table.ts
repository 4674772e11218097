import { css } from 'lit';
import { readNotSeen } from './styles.ts';

/**
 * A table of partitions to choose from, beside `tableStyles`: cells `name`, `kind`, `number` and `select`, perhaps one of
 * the class `bar-column`. Where the page is narrow each row becomes two lines, so that what is chosen stays in sight.
 */
export const partitionTableStyles = css`
	th.select,
	td.select {
		width: 5em;
		text-align: center;
	}
	td.select vscode-checkbox {
		display: flex;
		justify-content: center;
		margin: 0;
	}
	@media (max-width: 720px) {
		table,
		tbody {
			display: block;
		}
		thead {
			${readNotSeen}
		}
		tbody tr {
			display: grid;
			grid-template: 'name name select' 'kind number select' / minmax(0, 1fr) auto auto;
			align-items: center;
			gap: 0 8px;
			padding: 6px 0;
		}
		tbody tr + tr {
			border-top: 1px solid color-mix(in srgb, var(--vscode-panel-border, transparent) 55%, transparent);
		}
		tbody tr + tr > *,
		tbody td {
			padding: 0;
			border-top: 0;
		}
		td.name {
			grid-area: name;
		}
		td.kind {
			grid-area: kind;
			color: var(--vscode-descriptionForeground);
		}
		td.number {
			grid-area: number;
		}
		td.select {
			grid-area: select;
			width: auto;
		}
		.bar-column {
			display: none;
		}
	}
`;
