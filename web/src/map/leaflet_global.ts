// protomaps-leaflet looks for Leaflet on the window. This module must be
// imported before it.
import * as L from 'leaflet';

(globalThis as unknown as { L: unknown }).L = L;
