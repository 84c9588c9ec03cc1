// Runs before the page draws anything: sets theme and language on the root,
// so that nobody at 3 a.m. sees a white flash.
import { applyPrefs, loadPrefs } from './state/prefs';

applyPrefs(loadPrefs());
