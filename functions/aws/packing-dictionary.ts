/**
 * Text that short records and leaves share, so that their packed form names it instead of repeating it. What was packed
 * with a version of it is read with that version: a change is a new version, and the old one stays.
 */

/** Version 1: a finding's leaf, with words that vary left out; what is most frequent stands last. */
export const packingDictionary = Buffer.from(
  [
    '"type":"change.planned","type":"change.opened","type":"change.closed","type":"finding.recorded","type":"finding.assessed","type":"ring.',
    '"publiclyExposedBecause":"reachability-finding","publiclyExposedBecause":"service-exposure","tier":"business-essential","tier":"mission-critical","tier":"support-essential"',
    '"decision":"immediate","decision":"scheduled","decision":"out-of-cycle","decision":"3 days","decision":"14 days","decision":"sixty-days"',
    'its service is not exposed to the internet","in CISA KEV since 20","no CVSS score","no EPSS","exploitation: none, automatable: yes, technical impact: partial","exploitation: active,',
    '"severity":"critical","severity":"medium","severity":"low","status":"closed","status":"suppressed","route":"image","route":"owner"',
    '{"account":"","actor":"drydock","at":"2026-10-01T08:00:00.000Z","body":{"assessment":{"facts":{"automatable":"no","cvss":{"score":8.1,"vector":"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H","version":"3.1"},"detectedAt":"2026-03-01T',
    '"epss":0.0,"exploitation":"none","exploitation":"poc","feeds":{"epss":{"date":"2026-10-01T',
    '"version":"1"},"kev":{"date":"',
    '"vulnrichment":{"date":"',
    '"inKev":false,"kevForensicTriage":false,"publiclyExposed":true,"technicalImpact":"total","technicalImpact":"partial","tier":"","vulnerabilityId":"CVE-2026-',
    '"findingId":"F","losers":[{"decision":"","dueAt":"2026-03-15T',
    '.000Z","needsForensicTriage":false,"row":4,"table":"ssvc-deployer","tableVersion":"1.0.0"}],"policyHash":"',
    '"policyRisk":{"feedAgeHoursMax":72,"missingVulnrichment":"sixty-days","ssvcDays":{"act":14,"attend":30,"immediate":3,"out-of-cycle":14,"scheduled":60,"track*":60},"tables":["cisa-bod-26-04","ssvc-deployer"]},"priority":60,"reasons":["cisa-bod-26-04 row 9: 14 days, due 2026-03-15, counted from 2026-03-01","not in CISA KEV","its service is exposed to the internet","exploitation: poc, automatable: no, technical impact: total","EPSS 3.1 % in 30 days","CVSS 3.1 score 8.1","tier mission-critical","ssvc-deployer would give 2026-03-15 (out-of-cycle)"],"winner":{"decision":"14 days","dueAt":"2026-03-15T',
    '.000Z","needsForensicTriage":false,"row":9,"table":"cisa-bod-26-04","tableVersion":"1.0.0"}},"event":{"class":"normal","dueAt":"2026-03-15T',
    '.000Z","findingId":"F',
    '"packages":[{"fixedVersion":"',
    'ubuntu1.21","name":"',
    '"type":"finding-joined","vulnerabilityIds":["CVE-2026-',
    '"finding":{"account":"',
    '"because":"new","copies":[{"format":"inspector2","nativeId":"arn:aws:inspector2:eu-west-1:',
    '"}],"findingId":"F',
    '"findingType":"package-vulnerability","firstObservedAt":"2026-03-01T',
    '.000Z","flags":[],"packageCount":2,"packages":[{"fixedVersion":"',
    '"installedVersion":"',
    '"region":"eu-west-1","resource":{"id":"i-0',
    '"type":"ec2-instance"},"route":"patch","severity":"high","status":"active","updatedAt":"2026-03-02T',
    '.000Z","vulnerabilityId":"CVE-2026-',
    '"service":"","state":"assessed"},"changeId":"01',
    '"leafId":"01',
    '"type":"change.finding-joined","versions":[["CHANGE/FINDING#F',
    '",0,1]]}',
  ].join(''),
)
