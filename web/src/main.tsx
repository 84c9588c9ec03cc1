// Entry of the page: session first, then the view that the address names.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { loadLang } from './i18n';
import { startClock } from './state/clock';
import { applyPrefs, prefs } from './state/prefs';
import { startRouter } from './state/router';
import { start } from './state/session';
import { App } from './views/app';

applyPrefs(prefs.value);
effect(() => {
  void loadLang(prefs.value.lang);
});
startRouter();
startClock();
// The theme follows the hour where nobody chose one.
setInterval(() => applyPrefs(prefs.value), 60_000);

const root = document.getElementById('app');
if (root) render(<App />, root);
void start();
