"""分级、脱敏、时限与流向: a city's rows of grades, masks, legal limits and flows."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('data', '0024_urgency'),
    ]

    operations = [
        migrations.CreateModel(
            name='DataFlow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(max_length=32)),
                ('name', models.TextField()),
                ('name_en', models.TextField(blank=True, default='')),
                ('sort_key', models.TextField(blank=True, default='')),
                ('direction', models.TextField()),
                ('unit', models.TextField()),
                ('dataset', models.TextField()),
                ('items', models.TextField()),
                ('grain', models.TextField()),
                ('cycle', models.TextField()),
                ('how', models.TextField()),
                ('within_days', models.IntegerField(blank=True, null=True)),
                ('answers', models.TextField(blank=True, default='')),
                ('place', models.TextField(blank=True, default='')),
                ('basis', models.TextField()),
                ('clause', models.TextField(blank=True, default='')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['code', 'valid_from'], name='data_datafl_code_168341_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('code',), name='data_dataflow_one_in_force')],
            },
        ),
        migrations.CreateModel(
            name='GradeHarm',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(max_length=32)),
                ('object', models.TextField()),
                ('degree', models.TextField()),
                ('grade', models.TextField()),
                ('share', models.TextField()),
                ('basis', models.TextField()),
                ('clause', models.TextField(blank=True, default='')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['code', 'valid_from'], name='data_gradeh_code_e665aa_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('code',), name='data_gradeharm_one_in_force')],
            },
        ),
        migrations.CreateModel(
            name='GradeRule',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(max_length=32)),
                ('name', models.TextField()),
                ('name_en', models.TextField(blank=True, default='')),
                ('sort_key', models.TextField(blank=True, default='')),
                ('classes', models.TextField(blank=True, default='')),
                ('datasets', models.TextField(blank=True, default='')),
                ('elements', models.TextField(blank=True, default='')),
                ('subjects', models.TextField(blank=True, default='')),
                ('types', models.TextField(blank=True, default='')),
                ('masks', models.TextField(blank=True, default='')),
                ('personal', models.TextField(blank=True, default='')),
                ('sensitive', models.TextField(blank=True, default='')),
                ('region', models.TextField(blank=True, default='')),
                ('min_rows', models.BigIntegerField(blank=True, null=True)),
                ('depth', models.TextField(blank=True, default='')),
                ('coverage', models.TextField(blank=True, default='')),
                ('object', models.TextField()),
                ('degree', models.TextField()),
                ('basis', models.TextField()),
                ('clause', models.TextField(blank=True, default='')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['code', 'valid_from'], name='data_grader_code_07678d_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('code',), name='data_graderule_one_in_force')],
            },
        ),
        migrations.CreateModel(
            name='Mask',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(max_length=32)),
                ('name', models.TextField()),
                ('name_en', models.TextField(blank=True, default='')),
                ('sort_key', models.TextField(blank=True, default='')),
                ('how', models.TextField()),
                ('head', models.IntegerField(blank=True, null=True)),
                ('tail', models.IntegerField(blank=True, null=True)),
                ('k', models.IntegerField(blank=True, null=True)),
                ('days', models.IntegerField(blank=True, null=True)),
                ('grade', models.TextField()),
                ('basis', models.TextField()),
                ('clause', models.TextField(blank=True, default='')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['code', 'valid_from'], name='data_mask_code_466d4f_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('code',), name='data_mask_one_in_force')],
            },
        ),
        migrations.CreateModel(
            name='ShareLimit',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(max_length=32)),
                ('name', models.TextField()),
                ('name_en', models.TextField(blank=True, default='')),
                ('sort_key', models.TextField(blank=True, default='')),
                ('days', models.IntegerField()),
                ('calendar', models.TextField()),
                ('basis', models.TextField()),
                ('clause', models.TextField(blank=True, default='')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['code', 'valid_from'], name='data_sharel_code_59f206_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('code',), name='data_sharelimit_one_in_force')],
            },
        ),
    ]

