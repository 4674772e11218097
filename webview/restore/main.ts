import { registerControls } from '../shared/toolkit.ts';
import { followTheme } from '../shared/theme.ts';
import { DiskMapElement } from '../shared/disk-map/disk-map.ts';
import { RestoreElement } from './app/app.ts';
import { ChainElement } from './chain/chain.ts';
import { TargetListElement } from './target-list/target-list.ts';

followTheme();
registerControls();
customElements.define('afterimage-disk-map', DiskMapElement);
customElements.define('afterimage-chain', ChainElement);
customElements.define('afterimage-target-list', TargetListElement);
// Last, since it draws all the others.
customElements.define('afterimage-restore', RestoreElement);
