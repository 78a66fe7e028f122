{{/* Settings of Kafka's clients as a properties file. */}}
{{- define "ringtail.clientProperties" -}}
# Brokers are named on the command line.
{{- range $key, $value := include "ringtail.kafkaProperties" . | fromYaml }}
{{ $key }}={{ $value | replace "\\" "\\\\" | replace "\n" "\\n" }}
{{- end }}
{{- end -}}

{{- define "ringtail.consumersImage" -}}
{{- include "ringtail.image" (dict "root" . "image" .Values.flows.image "name" "consumers") -}}
{{- end -}}

{{/* Options by which a consumer reaches Kafka. */}}
{{- define "ringtail.consumerOptions" -}}
- --bootstrap-server={{ include "ringtail.bootstrapServers" . }}
- --topic-prefix={{ .Values.kafka.topicPrefix }}
- --kafka-config=/etc/ringtail/client.properties
{{- end -}}
