{{/*
The sensors of the default profile and of each other one, as a YAML list of {profile, name, config, resources}: what
differs between their DaemonSets.
*/}}
{{- define "ringtail.sensors" -}}
{{- $name := printf "%s-sensor" (include "ringtail.fullname" .) -}}
{{- $sensor := .Values.sensor -}}
{{- $sensors := list (dict "profile" "default" "name" $name "config" $sensor.config "resources" $sensor.resources) -}}
{{- range $profile, $changes := $sensor.profiles -}}
{{- $config := mergeOverwrite (deepCopy $sensor.config) (deepCopy (default dict $changes.config)) -}}
{{- $resources := default $sensor.resources $changes.resources -}}
{{- $sensors = append $sensors (dict "profile" $profile "name" (printf "%s-%s" $name $profile) "config" $config "resources" $resources) -}}
{{- end -}}
{{- toYaml $sensors -}}
{{- end -}}

{{/* The image that has what sensor.nonRoot needs, or the other one. */}}
{{- define "ringtail.sensorImage" -}}
{{- $name := ternary "sensor-nonroot" "sensor" .Values.sensor.nonRoot -}}
{{- include "ringtail.image" (dict "root" . "image" .Values.sensor.image "name" $name) -}}
{{- end -}}

{{/* The content of sensor.yaml: (dict "root" $ "config" CONFIG). */}}
{{- define "ringtail.sensorConfig" -}}
{{- $management := .root.Values.sensor.management -}}
{{- if not .config.interfaces -}}
{{- fail "sensor.config.interfaces: none given; name interfaces or patterns, such as [eth0, en*]" -}}
{{- end -}}
{{- if and .root.Values.sensor.nonRoot (eq (default "" .config.timestamps) "hardware") -}}
{{- fail "sensor.nonRoot: hardware timestamps need NET_ADMIN, which the java binary's file does not have; set sensor.nonRoot to false or sensor.config.timestamps to another value" -}}
{{- end -}}
sensorId: ${NODE_NAME}
topicPrefix: {{ .root.Values.kafka.topicPrefix | quote }}
management:
  address: {{ ternary "${HOST_IP}" "127.0.0.1" (eq $management.address "host") }}
  port: {{ $management.port }}
kafka:
  bootstrap.servers: {{ include "ringtail.bootstrapServers" .root | quote }}
  {{- with include "ringtail.kafkaProperties" .root | fromYaml }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{ toYaml .config }}
{{- end -}}

{{/*
What of a configuration makes a new start necessary. A running sensor takes filters from its file, without a loss, unless
they are locked.
*/}}
{{- define "ringtail.startConfig" -}}
{{- $config := .config -}}
{{- if not $config.lockFilter -}}
{{- $interfaces := list -}}
{{- range $config.interfaces -}}
{{- $interfaces = append $interfaces (ternary . (omit (ternary dict . (kindIs "string" .)) "filter") (kindIs "string" .)) -}}
{{- end -}}
{{- $config = set (omit $config "filter") "interfaces" $interfaces -}}
{{- end -}}
{{- include "ringtail.sensorConfig" (dict "root" .root "config" $config) -}}
{{- end -}}

{{/*
Time to stop in seconds: stopTimeout, rounded up, and 10 s for the JVM's end. Where Kafka is away the shortest stop takes some
6 s, most of it for the producers' closing; 15 leave room for a slow machine.
*/}}
{{- define "ringtail.sensorGracePeriod" -}}
{{- $text := .stopTimeout -}}
{{- $number := regexFind "^[0-9]+" $text | int -}}
{{- if hasSuffix "ms" $text -}}
{{- $number = div (add $number 999) 1000 -}}
{{- else if hasSuffix "m" $text -}}
{{- $number = mul $number 60 -}}
{{- end -}}
{{- add (max $number 15) 10 -}}
{{- end -}}

{{/*
Affinity of a profile's pods: nodes with its label, or for the default one, nodes with the label of none; beside what
sensor.affinity says. Terms are alternatives, so each gets the expression.
*/}}
{{- define "ringtail.sensorAffinity" -}}
{{- $affinity := deepCopy .root.Values.sensor.affinity -}}
{{- $label := .root.Values.sensor.profileLabel -}}
{{- $profiles := keys .root.Values.sensor.profiles | sortAlpha -}}
{{- if $profiles -}}
{{- $expression := dict "key" $label "operator" "In" "values" (list .profile) -}}
{{- if eq .profile "default" -}}
{{- $expression = dict "key" $label "operator" "NotIn" "values" $profiles -}}
{{- end -}}
{{- $node := default dict $affinity.nodeAffinity -}}
{{- $required := default dict $node.requiredDuringSchedulingIgnoredDuringExecution -}}
{{- $terms := list -}}
{{- range default (list dict) $required.nodeSelectorTerms -}}
{{- $terms = append $terms (set . "matchExpressions" (append (default list .matchExpressions) $expression)) -}}
{{- end -}}
{{- $_ := set $node "requiredDuringSchedulingIgnoredDuringExecution" (dict "nodeSelectorTerms" $terms) -}}
{{- $_ := set $affinity "nodeAffinity" $node -}}
{{- end -}}
{{- toYaml $affinity -}}
{{- end -}}

{{/* A probe of the management endpoint; kubelet is on the node, so it reaches loopback as well. */}}
{{- define "ringtail.sensorProbe" -}}
httpGet:
  path: {{ .path }}
  port: management
  {{- if eq .address "loopback" }}
  host: 127.0.0.1
  {{- end }}
{{- end -}}
