// What of a review goes on paper: the review itself, the joint map, the evidence.
import { bundleURL, jointMapURL, reviewPaperURL } from '../api/papers';
import { t } from '../i18n';
import { can } from '../state/session';

interface ReviewPapersProps {
  u: string;
  period: { from: string; to: string; sector: string; shift: string };
}

export function ReviewPapers({ u, period }: ReviewPapersProps) {
  return (
    <p class="row wrap reviewpapers">
      <a class="btn sm" href={reviewPaperURL(u, period, 'pdf')} target="_blank" rel="noopener">
        {t('meet.pdf')}
      </a>
      <a class="btn sm" href={reviewPaperURL(u, period, 'xlsx')} download>
        {t('meet.xlsx')}
      </a>
      <a class="btn sm" href={jointMapURL(u, 'pdf')} target="_blank" rel="noopener">
        {t('eval.jointMap')}
      </a>
      {can('meetings') && (
        <a class="btn sm" href={bundleURL(u, period)} title={t('eval.bundleHint')} download>
          {t('eval.bundle')}
        </a>
      )}
    </p>
  );
}
