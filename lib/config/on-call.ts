/** Whom to call at night and in which order, as the owner's document has it. Names and numbers are placeholders: the owner fills them in. */
export const ON_CALL = {
  contacts: [
    { role: 'Primary DBA', name: '[name, to be filled in]', reach: '[phone, to be filled in]' },
    { role: 'DevOps Lead', name: '[name, to be filled in]', reach: '[phone, to be filled in]' },
    { role: 'Incident channel', name: 'Slack', reach: '#incidents-production' },
    { role: 'Emergency', name: 'PagerDuty', reach: '[service, to be filled in]' },
  ],
  escalation: [
    'this page',
    'the history of Slack #database-ops',
    'page the on-call DBA',
    'the engineering manager, if it is not solved',
  ],
};
