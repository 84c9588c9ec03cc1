import { tk } from '../i18n';

/** roleWord is a role in the chosen language. */
export const roleWord = (r: string): string => tk('role', r);
