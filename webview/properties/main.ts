import { registerControls } from '../shared/toolkit.ts';
import { followTheme } from '../shared/theme.ts';
import { DiskMapElement } from '../shared/disk-map/disk-map.ts';
import { PropertiesElement } from './app/app.ts';

followTheme();
registerControls();
customElements.define('afterimage-disk-map', DiskMapElement);
customElements.define('afterimage-properties', PropertiesElement);
