import { html, nothing, type TemplateResult } from 'lit';
import { formatDuration } from '../../../src/base/quantity.ts';
import { phaseName } from '../../../src/protocol/job-phases.ts';
import type { JobProgress, JobResult } from '../../../src/protocol/jobs.ts';
import { notice } from '../../shared/fields.ts';
import { inEnglish } from '../../shared/in-english.ts';
import { t } from '../../shared/l10n.ts';
import { formatBytes, formatRate } from '../../shared/quantities.ts';
import type { Run } from '../model/page-state.ts';

/** How far the restore is, or how it ended. */
export function runPart(run: Run, openLog: () => void): TemplateResult | typeof nothing {
	if (run.state === 'idle') return nothing;
	return run.state === 'ended' ? resultPart(run.result, openLog) : progressPart(run.progress);
}

function resultPart({ outcome, summary, error }: JobResult, openLog: () => void) {
	const level = outcome === 'success' ? 'information' : outcome === 'failed' ? 'error' : 'warning';
	return html`<section aria-label=${t('Result')} id="result" tabindex="-1">
		${notice(
			level,
			html`${inEnglish(error?.advice === undefined ? summary : `${summary} — ${error.advice}`)}
				<button class="link" @click=${openLog}>${t('Open log')}</button>`,
		)}
	</section>`;
}

function progressPart(progress: JobProgress | undefined) {
	const share = progress === undefined || progress.totalBytes === 0 ? 0 : progress.doneBytes / progress.totalBytes;
	const percent = Math.floor(share * 100);
	return html`<section aria-label=${t('Progress')} class="progress" id="progress" tabindex="-1">
		<div
			class="bar-outer"
			role="progressbar"
			aria-label=${t('Restore')}
			aria-valuemin="0"
			aria-valuemax="100"
			aria-valuenow=${percent}
		>
			<div style="width: ${share * 100}%"></div>
		</div>
		<p class="row spread">
			<span role="status"
				>${progress === undefined ? t('Starting') : `${phaseName(progress.phase, t)} · ${percent} %`}</span
			>
			<span class="muted">${progress === undefined ? nothing : progressWords(progress)}</span>
		</p>
	</section>`;
}

function progressWords({ doneBytes, totalBytes, rate, secondsLeft }: JobProgress): string {
	return [
		t('{0} of {1}', formatBytes(doneBytes), formatBytes(totalBytes)),
		...(rate > 0 ? [formatRate(rate)] : []),
		...(secondsLeft === undefined ? [] : [t('{0} left', formatDuration(secondsLeft))]),
	].join(' · ');
}
