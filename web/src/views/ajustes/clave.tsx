// A device's password, shown once, with what sets a phone up in one step.
import type * as api from '../../api/endpoints';
import { t } from '../../i18n';
import { notify } from '../../ui/notice';
import { Dialog, Note } from '../../ui/parts';

export function Secret({ c, onClose }: { c: api.Credentials; onClose: () => void }) {
  const copy = (text: string) => {
    navigator.clipboard?.writeText(text).then(
      () => notify(t('copied')),
      () => notify(t('copyFailed')),
    );
  };
  return (
    <Dialog
      title={t('cred.title', { device: c.device })}
      onClose={onClose}
      footer={
        <>
          <button type="button" class="btn" onClick={() => copy(`${c.username}\n${c.password}`)}>
            {t('copy')}
          </button>
          <button type="button" class="btn pri" onClick={onClose}>
            {t('cred.done')}
          </button>
        </>
      }
    >
      <Note tone="warn" title={t('cred.once')}>
        {t('cred.onceWhy')}
      </Note>
      <dl class="creds">
        {(
          [
            ['cred.user', c.username],
            ['cred.password', c.password],
            ['cred.topic', c.topic],
          ] as const
        ).map(([label, text]) => (
          <div key={label}>
            <dt>{t(label)}</dt>
            <dd>
              <code>{text}</code>
            </dd>
          </div>
        ))}
      </dl>
      {c.qr && c.link && (
        <section class="col">
          <h3>{t('cred.phone')}</h3>
          <p class="muted">{t('cred.phoneWhy')}</p>
          <img
            class="qr"
            alt={t('cred.qr')}
            src={`data:image/svg+xml,${encodeURIComponent(c.qr)}`}
            width={300}
            height={300}
          />
          <span class="row wrap">
            <a class="btn sm" href={c.link}>
              {t('cred.open')}
            </a>
            <button type="button" class="btn sm" onClick={() => copy(c.link ?? '')}>
              {t('cred.copyLink')}
            </button>
            {c.query && (
              <button type="button" class="btn sm" onClick={() => copy(c.query ?? '')}>
                {t('cred.copyQuery')}
              </button>
            )}
          </span>
        </section>
      )}
    </Dialog>
  );
}
