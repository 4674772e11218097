import { registerControls } from '../shared/toolkit.ts';
import { followTheme } from '../shared/theme.ts';
import { DiskMapElement } from '../shared/disk-map/disk-map.ts';
import { AddScheduleElement } from './add-schedule/add-schedule.ts';
import { AdvancedOptionsElement } from './advanced-options/advanced-options.ts';
import { AlternativeLocationsElement } from './alternative-locations/alternative-locations.ts';
import { DefinitionElement } from './app/app.ts';
import { DestinationElement } from './destination/destination.ts';
import { EmailOptionsElement } from './email-options/email-options.ts';
import { FileNameElement } from './file-name/file-name.ts';
import { HelpDrawerElement } from './help-drawer/help-drawer.ts';
import { PlanPageElement } from './plan-page/plan-page.ts';
import { RetentionRulesElement } from './retention-rules/retention-rules.ts';
import { RunCalendarElement } from './run-calendar/run-calendar.ts';
import { SaveDialogElement } from './save-dialog/save-dialog.ts';
import { ScheduleDialogElement } from './schedule-dialog/schedule-dialog.ts';
import { SchedulePoliciesElement } from './schedule-policies/schedule-policies.ts';
import { ScheduleTableElement } from './schedule-table/schedule-table.ts';
import { ScriptListElement } from './script-list/script-list.ts';
import { SimulationElement } from './simulation/simulation.ts';
import { SourceDiskElement } from './source-disk/source-disk.ts';
import { SourcePageElement } from './source-page/source-page.ts';
import { StepperElement } from './stepper/stepper.ts';
import { SummaryPageElement } from './summary-page/summary-page.ts';
import { TemplatePickerElement } from './template-picker/template-picker.ts';

followTheme();
registerControls();
const elements: Record<string, CustomElementConstructor> = {
	'add-schedule': AddScheduleElement,
	'advanced-options': AdvancedOptionsElement,
	'alternative-locations': AlternativeLocationsElement,
	destination: DestinationElement,
	'disk-map': DiskMapElement,
	'email-options': EmailOptionsElement,
	'file-name': FileNameElement,
	'help-drawer': HelpDrawerElement,
	'plan-page': PlanPageElement,
	'retention-rules': RetentionRulesElement,
	'run-calendar': RunCalendarElement,
	'save-dialog': SaveDialogElement,
	'schedule-dialog': ScheduleDialogElement,
	'schedule-policies': SchedulePoliciesElement,
	'schedule-table': ScheduleTableElement,
	'script-list': ScriptListElement,
	simulation: SimulationElement,
	'source-disk': SourceDiskElement,
	'source-page': SourcePageElement,
	stepper: StepperElement,
	'summary-page': SummaryPageElement,
	'template-picker': TemplatePickerElement,
};
for (const [name, element] of Object.entries(elements)) customElements.define(`afterimage-${name}`, element);
// Last, since it draws all the others.
customElements.define('afterimage-definition', DefinitionElement);
