// The papers of what the units of a shift did: log of stops, table of the day.
import { type PaperKind, paperURL } from '../api/papers';
import { t } from '../i18n';
import { district } from '../state/session';

const papers: [PaperKind, 'cov.stopLog' | 'cov.unitTable'][] = [
  ['stops', 'cov.stopLog'],
  ['units', 'cov.unitTable'],
];

const formats = ['pdf', 'xlsx', 'json'] as const;

export function DonePapers({ shift }: { shift: string }) {
  const u = district.value?.ubigeo ?? '';
  return (
    <section class="pad block donepapers" aria-label={t('cov.papers')}>
      <h2>{t('cov.papers')}</h2>
      {papers.map(([kind, name]) => (
        <p key={kind} class="row wrap">
          <span class="grow">{t(name)}</span>
          {formats.map((format) => (
            <a
              key={format}
              class="btn sm quiet"
              href={paperURL(u, kind, shift, { format })}
              aria-label={`${t(name)}, ${format.toUpperCase()}`}
              {...(format === 'pdf' ? { target: '_blank', rel: 'noopener' } : { download: '' })}
            >
              {format.toUpperCase()}
            </a>
          ))}
        </p>
      ))}
    </section>
  );
}
